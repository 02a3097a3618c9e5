"""Split a ticket: log a part of it as a new ticket."""

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.links import Link
from helpdesk.desk.ticket.log_query import log_in_transaction
from helpdesk.desk.ticket.show_ticket import show
from helpdesk.desk.ticket.views import NewQuery, TicketView
from helpdesk.desk.unit_of_work.transaction import changing
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.person import person_ref
from helpdesk.domain.ticket import LinkKind, Verb
from helpdesk.domain.ticket_fields import LOGGED, values_of
from helpdesk.store.models import Customer, Requester, Service

_CARRIED_OVER = tuple(field for field in LOGGED if field.is_stored)


def split(
    desk: Desk, number: int, subject: str, body: str = "", version: int | None = None
) -> TicketView:
    """Log a part of a ticket as a new one with the same requester, customer and service.

    The new ticket starts in the same queue, with clocks of its own; the two are linked.

    :param version: the version of the ticket that the agent has seen; None for the current one.
    :returns: the new ticket.
    :raises ConflictError: if the ticket has another version.
    :raises NotFoundError: if there is no such ticket.
    :raises RefusedError: if the subject is empty.
    """
    with changing(desk, number, Verb.SPLIT, version) as change:
        session, ticket = change.session, change.ticket
        requester = session.get(Requester, ticket.requester_id or 0)
        customer = session.get(Customer, ticket.customer_id or 0)
        service = session.get(Service, ticket.service_id or 0)
        query = NewQuery(
            **{**values_of(ticket, _CARRIED_OVER), "subject": subject},
            body=body,
            requester=person_ref(requester.id) if requester else "",
            customer=customer.name if customer else "",
            service=service.name if service else "",
        )
        part = change.for_other_ticket(log_in_transaction(desk, session, query))
        Link(number, LinkKind.SPLIT).apply(desk, part)
        part.finish()
        change.record(EntryType.SPLIT, data={"into": part.ref, "subject": part.ticket.subject})
        new = part.ticket.id
    return show(desk, new)
