"""What the desk itself has to do with a ticket next: wake it, close it, or record an alarm."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from helpdesk.desk.sla.history import History, ola_key
from helpdesk.desk.sla.ola import level_tracks
from helpdesk.domain.sla.alarms import BREACH, Action
from helpdesk.domain.sla.clock import OLA, ClockName
from helpdesk.domain.sla.thresholds import Mark, next_mark
from helpdesk.domain.sla.track import Track
from helpdesk.domain.ticket import State
from helpdesk.store.models import Ticket


@dataclass(frozen=True, slots=True)
class Alarm:
    """A mark of one of a ticket's clocks.

    :ivar clock: a ``ClockName``, or ``OLA`` for the one of the level where the ticket is.
    :ivar actions: what the policy does then.
    """

    clock: str
    mark: Mark
    actions: tuple[Action, ...]

    @property
    def is_breach(self) -> bool:
        """Whether it is the breach and not a warning."""
        return self.mark.percent == BREACH


class Errand(Enum):
    """The kinds of what there is to do."""

    WAKE = auto()
    """go on with a ticket that waited for a date"""
    CLOSE = auto()
    """close a ticket that was resolved long enough ago"""
    FOLLOW_UP = auto()
    """tell that the date has come on which a ticket was to be looked at again"""
    ALARM = auto()
    """record a warning or breach, and do what the policy says"""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do, and when."""

    at: datetime
    errand: Errand
    alarm: Alarm | None = None


def next_item(
    ticket: Ticket, history: History, tracks: Mapping[ClockName, Track], now: datetime
) -> Item | None:
    """Return what is to be done first, be it due or to come; None if nothing ever is.

    :param tracks: the ticket's clocks as the time until ``now`` has left them.
    """
    return min(_items(ticket, history, tracks, now), key=lambda item: item.at, default=None)


def _items(
    ticket: Ticket, history: History, tracks: Mapping[ClockName, Track], now: datetime
) -> Iterable[Item]:
    after_s = history.rules.close_after_s
    if ticket.state is State.RESOLVED and ticket.resolved_at is not None and after_s is not None:
        yield Item(ticket.resolved_at + timedelta(seconds=after_s), Errand.CLOSE)
    if not ticket.state.is_active:
        return
    if ticket.waiting_until is not None:
        yield Item(ticket.waiting_until, Errand.WAKE)
    if ticket.follow_up_at is not None and not ticket.follow_up_due:
        yield Item(ticket.follow_up_at, Errand.FOLLOW_UP)
    alarms = list(_alarms(ticket, history, tracks, now))
    if alarms:
        # Of several at one instant the gravest comes first: it may end the others.
        first = min(alarms, key=lambda alarm: (alarm.mark.acts_at, -alarm.mark.percent))
        yield Item(first.mark.acts_at, Errand.ALARM, first)


def _alarms(
    ticket: Ticket, history: History, tracks: Mapping[ClockName, Track], now: datetime
) -> Iterable[Alarm]:
    plan = history.rules.alarms
    clocks: list[tuple[str, str, Track]] = [(name, name, track) for name, track in tracks.items()]
    if plan.percents(OLA):
        clocks.append((OLA, ola_key(ticket.queue), level_tracks(history, now)[ticket.queue]))
    for clock, key, track in clocks:
        mark = next_mark(
            track,
            plan.percents(clock),
            history.recorded.get(key, ()),
            changed_at=history.promised_at,
            rounds=clock == ClockName.NEXT_UPDATE,
        )
        if mark is not None:
            yield Alarm(clock, mark, plan.actions(clock, mark.percent))
