"""Waking tickets that waited for a date which has come."""

from datetime import datetime

from helpdesk.desk import clockwork
from helpdesk.desk.session import Desk
from helpdesk.domain.ticket import State
from helpdesk.store import queues, tickets
from helpdesk.store.models import Ticket, TicketEvent


def wake_due(desk: Desk) -> int:
    """Resume every pending ticket whose date has come; return how many there were.

    The entry bears the time that was waited for, however late somebody looks, and no actor.
    Asking costs one read of the index of active tickets; nothing is written if none is due.
    """
    now = desk.now()
    with desk.database.read() as session:
        due = queues.waited_out(session, now)
    if not due:
        return 0
    woken = 0
    with desk.database.write() as session:
        for number in due:
            ticket = tickets.load(session, number)
            until = ticket.waiting_until
            # Somebody else may have been first since.
            if ticket.state is not State.PENDING or until is None or until > now:
                continue
            _wake(ticket)
            at = max(until, ticket.updated_at)
            ticket.updated_at = at
            session.add(_entry(ticket, at))
            session.flush()
            # A host's clock that was set back must not read clocks before an entry.
            clockwork.settle(session, ticket, max(now, at))
            woken += 1
    return woken


def _wake(ticket: Ticket) -> None:
    ticket.state = State.OPEN
    ticket.waiting_on = None
    ticket.waiting_until = None
    ticket.version += 1


def _entry(ticket: Ticket, at: datetime) -> TicketEvent:
    return TicketEvent(
        ticket_id=ticket.id,
        at=at,
        actor_id=None,
        type="resumed",
        public=False,
        data={"version": ticket.version},
    )
