"""Find the next due action of a ticket: resume or close it, a follow-up date, or an alarm."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from helpdesk.desk.sla.history import History, ola_key
from helpdesk.desk.sla.ola import level_tracks
from helpdesk.domain.sla.alarms import BREACH, AlarmAction
from helpdesk.domain.sla.clock import OLA, ClockName
from helpdesk.domain.sla.thresholds import Threshold, next_threshold
from helpdesk.domain.sla.track import Track
from helpdesk.domain.ticket import State
from helpdesk.store.models import Ticket


@dataclass(frozen=True, slots=True)
class Alarm:
    """A warning or breach of one of a ticket's clocks.

    :ivar clock: a ``ClockName``, or ``OLA`` for the clock of the level where the ticket is.
    :ivar mark: the threshold of the clock.
    :ivar actions: the policy's actions at this threshold.
    """

    clock: str
    mark: Threshold
    actions: tuple[AlarmAction, ...]

    @property
    def is_breach(self) -> bool:
        """Whether it is a breach; else it is a warning."""
        return self.mark.percent == BREACH


class DueActionKind(Enum):
    """The kinds of due actions."""

    WAKE = auto()
    """Resume a ticket that waited until a date."""
    CLOSE = auto()
    """Close a ticket that was resolved long enough ago."""
    FOLLOW_UP = auto()
    """Notify the assignee that the follow-up date has come."""
    ALARM = auto()
    """Record a warning or breach and carry out the policy's actions."""


@dataclass(frozen=True, slots=True)
class DueAction:
    """An action that the desk itself carries out on a ticket at a time.

    :ivar at: when it is due (UTC).
    :ivar alarm: the alarm to raise, for an alarm only.
    """

    at: datetime
    kind: DueActionKind
    alarm: Alarm | None = None


def next_due_action(
    ticket: Ticket, history: History, tracks: Mapping[ClockName, Track], now: datetime
) -> DueAction | None:
    """Return the first action that is due by ``now`` or later; None if there is none.

    :param tracks: the ticket's clocks as of ``now``.
    """
    actions = _due_actions(ticket, history, tracks, now)
    return min(actions, key=lambda action: action.at, default=None)


def _due_actions(
    ticket: Ticket, history: History, tracks: Mapping[ClockName, Track], now: datetime
) -> Iterable[DueAction]:
    after_s = history.rules.close_after_s
    if ticket.state is State.RESOLVED and ticket.resolved_at is not None and after_s is not None:
        at = ticket.resolved_at + timedelta(seconds=after_s)
        if history.imported_at is not None:
            at = max(at, history.imported_at)  # until then it was not this desk's to close
        yield DueAction(at, DueActionKind.CLOSE)
    if not ticket.state.is_active:
        return
    if ticket.waiting_until is not None:
        yield DueAction(ticket.waiting_until, DueActionKind.WAKE)
    if ticket.follow_up_at is not None and not ticket.follow_up_due:
        yield DueAction(ticket.follow_up_at, DueActionKind.FOLLOW_UP)
    alarms = list(_alarms(ticket, history, tracks, now))
    if alarms:
        # Of several at the same time the highest threshold comes first; it may end the others.
        first = min(alarms, key=lambda alarm: (alarm.mark.acts_at, -alarm.mark.percent))
        yield DueAction(first.mark.acts_at, DueActionKind.ALARM, first)


def _alarms(
    ticket: Ticket, history: History, tracks: Mapping[ClockName, Track], now: datetime
) -> Iterable[Alarm]:
    plan = history.rules.alarms
    clocks: list[tuple[str, str, Track]] = [(name, name, track) for name, track in tracks.items()]
    if plan.percents(OLA):
        clocks.append((OLA, ola_key(ticket.queue), level_tracks(history, now)[ticket.queue]))
    for clock, key, track in clocks:
        mark = next_threshold(
            track,
            plan.percents(clock),
            history.recorded.get(key, ()),
            changed_at=history.agreed_at,
            rounds=clock == ClockName.NEXT_UPDATE,
            since=history.imported_at,
        )
        if mark is not None:
            yield Alarm(clock, mark, plan.actions(clock, mark.percent))
