"""Add a link between two tickets within a change of one of them."""

from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.ticket import LinkKind, ref
from helpdesk.store.models import Ticket, TicketLink
from helpdesk.store.ticket import tickets


def add_link(change: TicketChange, other: int, kind: LinkKind) -> Ticket:
    """Link the ticket to another one and return that one; an existing link is left unchanged.

    :raises RefusedError: if it is the same ticket.
    :raises NotFoundError: if there is no such ticket.
    """
    if other == change.ticket.id:
        raise RefusedError(f"{change.ref} cannot be linked to itself: name another ticket.")
    other_ticket = tickets.load(change.session, other)
    known = tickets.has_link(change.session, change.ticket.id, other, kind)
    if kind is LinkKind.RELATED and not known:  # it is the same link from either side
        known = tickets.has_link(change.session, other, change.ticket.id, kind)
    if not known:
        change.session.add(TicketLink(ticket_id=change.ticket.id, other_id=other, kind=kind))
        change.record(EntryType.LINKED, data={"kind": kind, "to": ref(other)})
    return other_ticket
