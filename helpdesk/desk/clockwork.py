"""From a ticket's timeline to its clocks, and from stored clocks to what is shown.

The clocks are computed by replaying the timeline through ``domain.sla``; the rows in the store are
the result as of the ticket's last event, kept so that a queue is one index range.  Time alone
changes none of them: :func:`view` says how a stored clock stands at an instant.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.desk import promises
from helpdesk.desk.views import ClockView
from helpdesk.domain.sla.clock import ClockName, ClockState, Reading
from helpdesk.domain.sla.clocks import read_clocks
from helpdesk.domain.sla.countdown import countdown
from helpdesk.domain.sla.events import ClockEvent, EventKind
from helpdesk.domain.sla.targets import Targets
from helpdesk.domain.support_hours import SupportCalendar
from helpdesk.domain.ticket import State, Waiting
from helpdesk.store import agreements, queues, tickets
from helpdesk.store.models import Ticket, TicketClock, TicketEvent

#: The share of a target after which a clock warns.
WARN_SHARE = 0.75

_KINDS = {
    "logged": EventKind.RECEIVED,
    "replied": EventKind.RESPONDED,
    "resumed": EventKind.RESUMED,
    "resolved": EventKind.RESOLVED,
    "merged": EventKind.RESOLVED,
    "reopened": EventKind.REOPENED,
}
_PENDING = {
    Waiting.REQUESTER: EventKind.PENDING_REQUESTER,
    Waiting.VENDOR: EventKind.PENDING_VENDOR,
    Waiting.DATE: EventKind.PENDING_SCHEDULED,
}
#: The types of entries that clocks take note of.
TYPES = (*_KINDS, "pended", "changed")


def settle(session: Session, ticket: Ticket, now: datetime) -> None:
    """Compute a ticket's clocks anew from its timeline and store them with its queue order."""
    timeline = timeline_of(session, ticket.id)
    rows = put_in_order(ticket, timeline, promises.calendars(session), now)
    tickets.replace_clocks(session, ticket.id, rows)


def timeline_of(session: Session, number: int) -> list[TicketEvent]:
    """Return those entries of a ticket's timeline that its clocks take note of."""
    return tickets.events_of_types(session, number, TYPES)


def put_in_order(
    ticket: Ticket,
    timeline: list[TicketEvent],
    calendars: dict[str, SupportCalendar],
    now: datetime,
) -> list[TicketClock]:
    """Give the ticket its place in the queues; return its clocks as they stand at ``now``."""
    readings = replay(timeline, calendars, now)
    calendar = calendar_now(timeline, calendars)
    rows = [_row(ticket.id, name, one, calendar, now) for name, one in readings.items()]
    open_clocks = [row for row in rows if is_open(row.name, row.met_at, ticket.state)]
    ticket.due_rank, ticket.due_clock, ticket.warn_at = 2 * queues.BEYOND, "", None
    if open_clocks:
        first = min(open_clocks, key=_rank)
        ticket.due_rank, ticket.due_clock, ticket.warn_at = _rank(first), first.name, first.warn_at
    return rows


def calendar_now(
    timeline: Sequence[TicketEvent], calendars: dict[str, SupportCalendar]
) -> SupportCalendar:
    """Return the calendar of what was promised last."""
    promised = [entry.data["promise"] for entry in timeline if "promise" in entry.data]
    return calendars[promised[-1]["calendar"]]


def is_open(name: str, met_at: datetime | None, state: State) -> bool:
    """Whether a clock of a ticket still promises something.

    A next update is promised for as long as the ticket is active: an answer that came late
    (``met_at``) began a new round.
    """
    return state.is_active and (met_at is None or name == ClockName.NEXT_UPDATE)


def _rank(clock: TicketClock) -> int:
    if clock.due_at is None:
        left = clock.target_s - clock.elapsed_s
        return queues.BEYOND + (0 if left < 0 else max(1, left))
    return int(clock.due_at.timestamp())


def _row(
    number: int, name: ClockName, reading: Reading, calendar: SupportCalendar, now: datetime
) -> TicketClock:
    warn_at = None
    if reading.due_at is not None and reading.met_at is None:
        left_at_warning = reading.target_s - int(reading.target_s * WARN_SHARE)
        warn_at = calendar.subtract(reading.due_at, left_at_warning)
    return TicketClock(
        ticket_id=number,
        name=name,
        target_s=reading.target_s,
        elapsed_s=reading.elapsed_s,
        state=reading.state,
        due_at=reading.due_at,
        warn_at=warn_at,
        met_at=reading.met_at,
        breached_at=reading.breached_at,
        as_of=now,
    )


def replay(
    timeline: Iterable[TicketEvent], calendars: dict[str, SupportCalendar], now: datetime
) -> dict[ClockName, Reading]:
    """Return how the clocks stand at ``now``, from the timeline alone."""
    start = beginning(timeline, calendars)
    return read_clocks(start.calendar, start.targets, start.events, now)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the clocks of a ticket are computed from."""

    calendar: SupportCalendar
    targets: Targets
    events: tuple[ClockEvent, ...]


def beginning(timeline: Iterable[TicketEvent], calendars: dict[str, SupportCalendar]) -> Beginning:
    """Return what was promised when the ticket was logged, and what happened since."""
    entries = list(timeline)
    promise = entries[0].data["promise"]
    return Beginning(
        calendars[promise["calendar"]],
        promises.targets_from(promise),
        tuple(_clock_event(entry, calendars) for entry in entries),
    )


def _clock_event(entry: TicketEvent, calendars: dict[str, SupportCalendar]) -> ClockEvent:
    if entry.type == "pended":
        return ClockEvent(entry.at, _PENDING[Waiting(entry.data["on"])])
    if entry.type == "changed":
        promise = entry.data["promise"]
        return ClockEvent(
            entry.at,
            EventKind.TARGETS,
            targets=promises.targets_from(promise),
            calendar=calendars[promise["calendar"]],
        )
    return ClockEvent(entry.at, _KINDS[entry.type])


def clock_views(
    session: Session, numbers: list[int], now: datetime
) -> dict[int, tuple[ClockView, ...]]:
    """Return the clocks of these tickets as they stand at ``now``, by ticket number."""
    by_policy = {
        one.policy.id: promises.calendar_of(one.calendar.hours)
        for one in agreements.policies(session)
    }
    found: dict[int, list[ClockView]] = {}
    for clock, state, policy_id in queues.clocks(session, numbers):
        found.setdefault(clock.ticket_id, []).append(view(clock, state, by_policy[policy_id], now))
    order = list(ClockName)
    return {
        number: tuple(sorted(clocks, key=lambda clock: order.index(ClockName(clock.name))))
        for number, clocks in found.items()
    }


def view(
    clock: TicketClock, ticket_state: State, calendar: SupportCalendar, now: datetime
) -> ClockView:
    """Return how a stored clock stands at ``now``: time has gone on since it was stored."""
    still_open = is_open(clock.name, clock.met_at, ticket_state)
    left = countdown(
        calendar,
        state=clock.state,
        due_at=clock.due_at,
        remaining_s=clock.target_s - clock.elapsed_s,
        counting=still_open and clock.state is not ClockState.PAUSED and clock.due_at is not None,
        read_at=clock.as_of,
        now=now,
    )
    newly_breached = left.state is ClockState.BREACHED and clock.breached_at is None
    return ClockView(
        name=clock.name,
        target_s=clock.target_s,
        due_at=clock.due_at,
        warn_at=clock.warn_at,
        remaining_s=left.remaining_s,
        state=left.state,
        met_at=clock.met_at,
        breached_at=clock.due_at if newly_breached else clock.breached_at,
        open=still_open,
        calendar=calendar,
        read_at=now,
    )
