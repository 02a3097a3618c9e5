"""Alarms: what a policy does when a clock has used a given share of its target."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.domain.sla.clock import OLA, ClockName

#: The share of a target, in percent, at which a clock is breached.
BREACH = 100

#: The share, in percent, from which a clock is shown as near its target, unless the policy says
#: otherwise.
_DEFAULT_SHOWN_FROM = 75

#: The clocks that can have alarms: the customer's, and the level's OLA.
ALARM_CLOCKS = (*(name.value for name in ClockName), OLA)


class AlarmAction(StrEnum):
    """What happens at a warning or a breach, in addition to the entry in the timeline."""

    NOTIFY_ASSIGNEE = "notify assignee"
    NOTIFY_LEAD = "notify lead"
    RAISE_PRIORITY = "raise priority"
    ESCALATE = "escalate one level"
    ESCALATE_TO_LEAD = "escalate to lead"


@dataclass(frozen=True, slots=True)
class AlarmRule:
    """What happens when a clock has used a share of its target.

    :ivar clock: one of :data:`ALARM_CLOCKS`.
    :ivar percent: the share in percent: 1 to 99 for a warning, :data:`BREACH` for the breach.
    :ivar actions: what happens then.
    :ivar show: whether lists show the clock as near its target from this share on.
    """

    clock: str
    percent: int
    actions: tuple[AlarmAction, ...] = ()
    show: bool = False


@dataclass(frozen=True, slots=True)
class AlarmPlan:
    """All alarms of a policy.

    A breach of a customer's clock is recorded even if no rule says so; an OLA's breach is not.
    """

    rules: tuple[AlarmRule, ...] = ()

    def percents(self, clock: str) -> tuple[int, ...]:
        """Return the shares (in percent, ascending) at which an entry is recorded for a clock."""
        percents = {rule.percent for rule in self._rules_of(clock)}
        if clock != OLA:
            percents.add(BREACH)
        return tuple(sorted(percents))

    def actions(self, clock: str, percent: int) -> tuple[AlarmAction, ...]:
        """Return the actions for a clock that has used a share of its target."""
        return next((rule.actions for rule in self._rules_of(clock) if rule.percent == percent), ())

    def shown_from(self, clock: str) -> int:
        """Return the share, in percent, from which lists show a clock as near its target.

        It is the share that the policy marks with ``show``, else its first warning at 75 % or more,
        else 75 %.
        """
        rules = sorted(self._rules_of(clock), key=lambda rule: rule.percent)
        marked = [rule.percent for rule in rules if rule.show]
        late = [rule.percent for rule in rules if _DEFAULT_SHOWN_FROM <= rule.percent < BREACH]
        return next(iter((*marked, *late)), _DEFAULT_SHOWN_FROM)

    def _rules_of(self, clock: str) -> Iterable[AlarmRule]:
        return (rule for rule in self.rules if rule.clock == clock)
