"""Suggest the open tickets with which a ticket may belong together, to merge or link it."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.desk.search import suggest
from helpdesk.desk.session import Desk
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import State, parse_ref, ref
from helpdesk.store.ticket import queues, relations, tickets

#: How many similar tickets are searched for; finished ones among them are left out.
_SEARCHED = 40


@dataclass(frozen=True, slots=True)
class RelatedCandidate:
    """An open ticket that may belong together with another one.

    :ivar requester: the requester's mail address, or "".
    :ivar same_requester: whether the same person asked in both tickets.
    :ivar same_customer: whether both are of the same customer.
    :ivar likeness: how likely both are about the same issue, from 0 to 1; 0 if they do not look
        alike.
    """

    ref: str
    subject: str
    state: State
    requester: str
    customer: str
    assignee: str
    updated_at: datetime
    same_requester: bool
    same_customer: bool
    likeness: float


def candidates(desk: Desk, number: int, limit: int = 12) -> tuple[RelatedCandidate, ...]:
    """Return open tickets of the same requester, issue or customer, in this order, likest first.

    Tickets that are linked to it already are left out.

    :raises NotFoundError: if there is no such ticket.
    """
    desk.require(Right.READ)
    with desk.database.read() as session:
        ticket = tickets.load(session, number)
        requester_id, customer_id = ticket.requester_id, ticket.customer_id
        text = suggest.ticket_text(ticket.subject, ticket.body)
        known = {number, *(other.id for _, other in tickets.links(session, number))}
    found = suggest.suggest(desk, text, "tickets", _SEARCHED, False)
    alike = {
        parse_ref(hit.id): hit.score for hit in found.hits if hit.active and hit.is_worth_showing
    }
    with desk.database.read() as session:
        of_person = relations.open_of_requester(session, requester_id, _SEARCHED)
        of_customer = relations.open_of_customer(session, customer_id, _SEARCHED)
        numbers = sorted({*alike, *of_person, *of_customer} - known)
        rows = queues.rows_by_id(session, numbers) if numbers else []
    listed = [
        RelatedCandidate(
            ref=ref(row.id),
            subject=row.subject,
            state=row.state,
            requester=row.requester_mail or "",
            customer=row.customer or "",
            assignee=row.assignee or "",
            updated_at=row.updated_at,
            same_requester=row.id in of_person,
            same_customer=row.id in of_customer,
            likeness=alike.get(row.id, 0.0),
        )
        for row in rows
        if row.state.is_active
    ]
    listed.sort(key=lambda one: (not one.same_requester, -one.likeness, -parse_ref(one.ref)))
    return tuple(listed[:limit])
