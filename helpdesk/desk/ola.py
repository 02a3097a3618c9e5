"""How long a ticket may stay at the level where it is now: the level's own clock.

It is what the tiers promise each other, not the customer: it orders no queue and is computed when
a ticket is looked at (SLA rule 4).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.desk import clockwork, promises
from helpdesk.desk.views import ClockView
from helpdesk.domain.escalation import Level
from helpdesk.domain.sla.clock import ClockState
from helpdesk.domain.sla.ola import QueueMove, read_ola
from helpdesk.store import agreements
from helpdesk.store.models import Ticket, TicketEvent

_MOVES = ("escalated", "returned")


def level_clock(
    session: Session, ticket: Ticket, timeline: Sequence[TicketEvent], now: datetime
) -> ClockView | None:
    """Return the clock of the level at which a ticket is; None if that level has no target.

    :param timeline: all of the ticket's entries, oldest first.
    """
    now = max(now, ticket.updated_at)
    calendars = promises.calendars(session)
    noted = [entry for entry in timeline if entry.type in clockwork.TYPES]
    start = clockwork.beginning(noted, calendars)
    moves = [QueueMove(timeline[0].at, Level.L1)]
    moves += [
        QueueMove(entry.at, Level(entry.data["to"])) for entry in timeline if entry.type in _MOVES
    ]
    allowed = {level: target for level, target in agreements.olas(session).items() if target}
    reading = read_ola(start.calendar, allowed, moves, start.events, now).get(ticket.queue)
    if reading is None:
        return None
    return ClockView(
        name="ola",
        target_s=reading.target_s,
        due_at=reading.due_at,
        warn_at=None,
        remaining_s=reading.remaining_s,
        state=reading.state,
        met_at=reading.met_at,
        breached_at=reading.breached_at,
        open=ticket.state.is_active and reading.state is not ClockState.MET,
        calendar=clockwork.calendar_now(noted, calendars),
        read_at=now,
    )
