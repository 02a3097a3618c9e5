"""Answer a requester's message about a closed ticket with a new, linked ticket."""

from helpdesk.desk.session import Desk
from helpdesk.desk.sla import agreement
from helpdesk.desk.ticket.add_link import add_link
from helpdesk.desk.ticket.log_query import log_in_transaction
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.person import person_ref
from helpdesk.domain.ticket import LinkKind
from helpdesk.domain.ticket_fields import LOGGED, values_of
from helpdesk.store.models import Customer, Requester, Service

_CARRIED_OVER = tuple(field for field in LOGGED if field.is_stored)


def makes_new_ticket(change: TicketChange) -> bool:
    """Whether the policy wants a new ticket for a message about this closed one."""
    closed_at = change.ticket.closed_at or change.ticket.resolved_at or change.ticket.updated_at
    rules = agreement.rules_in_force(change.session)
    return rules.after_close.makes_new(int((change.now - closed_at).total_seconds()))


def log_new_ticket(desk: Desk, change: TicketChange, text: str) -> int:
    """Log the message as a new ticket of the same people and service; return its number.

    The two tickets are linked, and the closed one names the new one.
    """
    session, ticket = change.session, change.ticket
    requester = session.get(Requester, ticket.requester_id or 0)
    customer = session.get(Customer, ticket.customer_id or 0)
    service = session.get(Service, ticket.service_id or 0)
    query = NewQuery(
        **values_of(ticket, _CARRIED_OVER),
        body=text,
        requester=person_ref(requester.id) if requester else "",
        customer=customer.name if customer else "",
        service=service.name if service else "",
    )
    new = change.for_other_ticket(log_in_transaction(desk, session, query))
    add_link(new, ticket.id, LinkKind.RELATED)
    new.finish()
    change.record(EntryType.CONTINUED, data={"in": new.ref})
    return new.ticket.id
