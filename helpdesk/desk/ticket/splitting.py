"""Splitting a ticket: a part of it goes on as a ticket of its own."""

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.links import Link
from helpdesk.desk.ticket.log_query import log_within
from helpdesk.desk.ticket.show_ticket import show
from helpdesk.desk.ticket.views import Query, TicketView
from helpdesk.desk.unit_of_work.transaction import changing
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.ticket import LinkKind, Verb
from helpdesk.domain.ticket_fields import LOGGED, values_of
from helpdesk.store.models import Customer, Requester, Service

_CARRIED_OVER = tuple(field for field in LOGGED if field.is_stored)


def split(
    desk: Desk, number: int, subject: str, body: str = "", version: int | None = None
) -> TicketView:
    """Log a part of a ticket as a new one, for the same requester and about the same service.

    The new ticket begins in L1 with clocks of its own; each names the other.

    :returns: the new ticket.
    """
    with changing(desk, number, Verb.SPLIT, version) as change:
        session, ticket = change.session, change.ticket
        requester = session.get(Requester, ticket.requester_id or 0)
        customer = session.get(Customer, ticket.customer_id or 0)
        service = session.get(Service, ticket.service_id or 0)
        query = Query(
            **{**values_of(ticket, _CARRIED_OVER), "subject": subject},
            body=body,
            requester=requester.mail if requester else "",
            customer=customer.name if customer else "",
            service=service.name if service else "",
        )
        part = change.beside(log_within(desk, session, query))
        Link(number, LinkKind.SPLIT).apply(desk, part)
        part.finish()
        change.record(EntryType.SPLIT, data={"into": part.ref, "subject": part.ticket.subject})
        new = part.ticket.id
    return show(desk, new)
