"""How long a ticket may stay at the level where it is now: the level's own clock.

It is what the tiers promise each other, not the customer: it orders no queue and is computed when
a ticket is looked at (SLA rule 4).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.desk.history import read_history
from helpdesk.desk.promises import Archive
from helpdesk.desk.views import ClockView
from helpdesk.domain.sla.clock import OLA, ClockState
from helpdesk.domain.sla.ola import read_ola
from helpdesk.store.models import Ticket, TicketEvent


def level_clock(
    session: Session, ticket: Ticket, timeline: Sequence[TicketEvent], now: datetime
) -> ClockView | None:
    """Return the clock of the level at which a ticket is; None if that level has no target.

    :param timeline: all of the ticket's entries, oldest first.
    """
    now = max(now, ticket.updated_at)
    history = read_history(timeline, Archive(session))
    levels = read_ola(
        history.calendar,
        history.rules_then.olas,
        history.moves,
        history.events,
        now,
        history.pauses,
    )
    reading = levels.get(ticket.queue)
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
