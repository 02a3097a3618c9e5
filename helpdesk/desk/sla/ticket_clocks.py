"""Compute a ticket's clocks from its timeline and store them.

The clocks are computed by replaying the timeline through ``domain.sla``.  The stored rows are the
result as of the ticket's last entry, so that a queue can be read as one range of an index.  They
do not change as time passes: :mod:`helpdesk.desk.sla.clock_views` computes a stored clock as of a
later time.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.desk.sla import due_times
from helpdesk.desk.sla.agreement import PolicyArchive
from helpdesk.desk.sla.history import TYPES, History, read_history
from helpdesk.domain.sla.clock import ClockName, ClockReading, ClockStanding, ClockState, is_open
from helpdesk.domain.sla.clocks import run_clocks
from helpdesk.domain.sla.track import Track
from helpdesk.store.models import Ticket, TicketClock
from helpdesk.store.ticket import queues, tickets


def recompute(session: Session, ticket: Ticket, now: datetime) -> None:
    """Recompute a ticket's clocks from its timeline; store them and its place in the queue."""
    history = history_of(session, ticket.id)
    tickets.replace_clocks(session, ticket.id, update_queue_order(ticket, history, now))


def history_of(session: Session, number: int) -> History:
    """Read a ticket's history from its stored timeline."""
    return read_history(tickets.events_of_types(session, number, TYPES), PolicyArchive(session))


def update_queue_order(ticket: Ticket, history: History, now: datetime) -> list[TicketClock]:
    """Set the columns of a ticket for the order of its queue and the time of its next due action.

    :returns: its clocks as of ``now`` (UTC), to be stored by the caller.
    """
    tracks = clock_tracks(history, now)
    rows = [
        _row(ticket.id, name, reading, history, now) for name, reading in _readings(tracks, now)
    ]
    open_clocks = [
        row
        for row in rows
        if is_open(row.name, row.met_at, ticket.state, row.standing)
        and row.standing is not ClockStanding.NOT_STARTED
    ]
    ticket.due_rank, ticket.due_clock, ticket.warn_at = 2 * queues.NOT_RUNNING_RANK, "", None
    if open_clocks:
        first = min(open_clocks, key=_rank)
        ticket.due_rank, ticket.due_clock, ticket.warn_at = _rank(first), first.name, first.warn_at
    action = due_times.next_due_action(ticket, history, tracks, now)
    ticket.act_at = action.at if action else None
    return rows


def clock_tracks(history: History, now: datetime) -> Mapping[ClockName, Track]:
    """Return the states of the clocks as of ``now`` (UTC)."""
    *_, last = run_clocks(history.calendar, history.targets, history.events, now, history.pauses)
    return last.tracks


def _readings(
    tracks: Mapping[ClockName, Track], now: datetime
) -> Iterable[tuple[ClockName, ClockReading]]:
    for name, track in tracks.items():
        reading = track.read(now)
        if reading is not None and not _never_began(reading):
            yield name, reading


def _never_began(reading: ClockReading) -> bool:
    """Whether the ticket ended before the clock had started: then it had no such clock."""
    return reading.standing is ClockStanding.NOT_STARTED and reading.state is ClockState.MET


def readings(history: History, now: datetime) -> dict[ClockName, ClockReading]:
    """Return the readings of the clocks as of ``now`` (UTC)."""
    return dict(_readings(clock_tracks(history, now), now))


def _rank(clock: TicketClock) -> int:
    if clock.due_at is None:
        left = clock.target_s - clock.elapsed_s
        return queues.NOT_RUNNING_RANK + (0 if left < 0 else max(1, left))
    return int(clock.due_at.timestamp())


def _row(
    number: int, name: ClockName, reading: ClockReading, history: History, now: datetime
) -> TicketClock:
    warn_at = None
    if reading.due_at is not None and reading.counting:
        percent = history.rules.alarms.shown_from(name)
        left_at_warning = reading.target_s - reading.target_s * percent // 100
        warn_at = history.calendar_now.subtract(reading.due_at, left_at_warning)
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
        standing=reading.standing,
    )
