"""The OLA clock of a ticket: how long it may stay at its current level.

An OLA is an agreement between the levels, not with the customer.  It does not affect the order of a
queue, and it is computed when a ticket is shown; it is not stored.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.desk.sla.agreement import PolicyArchive
from helpdesk.desk.sla.history import History, read_history
from helpdesk.desk.sla.views import ClockView
from helpdesk.domain.escalation import Level
from helpdesk.domain.sla.clock import OLA, is_open
from helpdesk.domain.sla.ola import run_ola
from helpdesk.domain.sla.track import Track
from helpdesk.store.models import Ticket, TicketEvent


def level_tracks(history: History, now: datetime) -> Mapping[Level, Track]:
    """Return the OLA clock of each level that a ticket has visited, as of ``now`` (UTC)."""
    return run_ola(
        history.calendar,
        history.rules_at_receipt.olas,
        history.moves,
        history.events,
        now,
        history.pauses,
        history.rules_at_receipt.ola_hours,
    )


def level_clock(
    session: Session, ticket: Ticket, timeline: Sequence[TicketEvent], now: datetime
) -> ClockView | None:
    """Return the OLA clock of a ticket's current level; None if that level has no target.

    :param timeline: all entries of the ticket, oldest first.
    """
    now = max(now, ticket.updated_at)
    history = read_history(timeline, PolicyArchive(session))
    track = level_tracks(history, now).get(ticket.queue)
    reading = track.read(now) if track is not None else None
    if track is None or reading is None:
        return None
    return ClockView(
        name=OLA,
        target_s=reading.target_s,
        due_at=reading.due_at,
        warn_at=None,
        remaining_s=reading.remaining_s,
        state=reading.state,
        met_at=reading.met_at,
        breached_at=reading.breached_at,
        open=is_open(OLA, reading.met_at, ticket.state, reading.standing),
        standing=reading.standing,
        calendar=track.calendar,
        read_at=now,
    )
