"""What an SLA policy does when a clock nears its end: at which shares of the target, and what."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.domain.sla.clock import OLA, ClockName

#: The share of a target, in percent, at which a clock is breached.
BREACH = 100

#: From this share on a clock is shown as nearing its end, if the policy names no other.
_SHOWN_FROM = 75

#: The clocks that can warn: what the customer was promised, and the level's own.
ALARM_CLOCKS = (*(name.value for name in ClockName), OLA)


class Action(StrEnum):
    """What happens at a warning or a breach, besides the entry in the timeline."""

    NOTIFY_ASSIGNEE = "notify assignee"
    NOTIFY_LEAD = "notify lead"
    RAISE_PRIORITY = "raise priority"
    ESCALATE = "escalate one level"
    ESCALATE_TO_LEAD = "escalate to lead"


@dataclass(frozen=True, slots=True)
class AlarmRule:
    """What happens when a clock has used a share of its target.

    :ivar clock: one of :data:`ALARM_CLOCKS`.
    :ivar percent: 1 to 99 for a warning, :data:`BREACH` for the breach.
    :ivar show: whether lists show the clock as nearing its end from here on.
    """

    clock: str
    percent: int
    actions: tuple[Action, ...] = ()
    show: bool = False


@dataclass(frozen=True, slots=True)
class AlarmPlan:
    """All alarms of a policy.  A broken promise to the customer is recorded in any case."""

    rules: tuple[AlarmRule, ...] = ()

    def percents(self, clock: str) -> tuple[int, ...]:
        """Return the shares at which something is recorded of a clock, ascending."""
        named = {rule.percent for rule in self._of(clock)}
        if clock != OLA:
            named.add(BREACH)
        return tuple(sorted(named))

    def actions(self, clock: str, percent: int) -> tuple[Action, ...]:
        """Return what happens at a share of a clock."""
        return next((rule.actions for rule in self._of(clock) if rule.percent == percent), ())

    def shown_from(self, clock: str) -> int:
        """Return the share from which on lists show a clock as nearing its end.

        It is the one that the policy marks so, else the first from 75 % on, else 75 %.
        """
        rules = sorted(self._of(clock), key=lambda rule: rule.percent)
        marked = [rule.percent for rule in rules if rule.show]
        late = [rule.percent for rule in rules if _SHOWN_FROM <= rule.percent < BREACH]
        return next(iter((*marked, *late)), _SHOWN_FROM)

    def _of(self, clock: str) -> Iterable[AlarmRule]:
        return (rule for rule in self.rules if rule.clock == clock)
