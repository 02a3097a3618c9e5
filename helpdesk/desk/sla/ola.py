"""How long a ticket may stay at the level where it is now: the level's own clock.

It is what the tiers promise each other, not the customer: it orders no queue and is computed when
a ticket is looked at (SLA rule 4).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.desk.sla.agreement import Archive
from helpdesk.desk.sla.history import History, read_history
from helpdesk.desk.sla.views import ClockView
from helpdesk.domain.escalation import Level
from helpdesk.domain.sla.clock import OLA, ClockState
from helpdesk.domain.sla.ola import run_ola
from helpdesk.domain.sla.track import Track
from helpdesk.store.models import Ticket, TicketEvent


def level_tracks(history: History, now: datetime) -> Mapping[Level, Track]:
    """Return the own clock of each level that a ticket has been at, as of ``now`` (aware UTC)."""
    return run_ola(
        history.calendar,
        history.rules_then.olas,
        history.moves,
        history.events,
        now,
        history.pauses,
    )


def level_clock(
    session: Session, ticket: Ticket, timeline: Sequence[TicketEvent], now: datetime
) -> ClockView | None:
    """Return the clock of the level at which a ticket is; None if that level has no target.

    :param timeline: all of the ticket's entries, oldest first.
    """
    now = max(now, ticket.updated_at)
    history = read_history(timeline, Archive(session))
    track = level_tracks(history, now).get(ticket.queue)
    reading = track.read(now) if track is not None else None
    if reading is None:
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
        open=ticket.state.is_active and reading.state is not ClockState.MET,
        calendar=history.calendar_now,
        read_at=now,
    )
