"""Keep the tickets of a confidential customer to the agents whom the policy names for it."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from helpdesk.desk.people.confidential_people import confidential_refusal
from helpdesk.desk.people.requesters import address_of, meant_by
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.ticket import ref
from helpdesk.store.database import visibility
from helpdesk.store.models import Agent, Ticket
from helpdesk.store.people import people


def require(session: Session, ticket: Ticket) -> None:
    """Refuse a change after which an agent has a ticket that they may not see.

    :raises NotPermittedError: if the acting agent may not see the ticket's customer.
    :raises RefusedError: if the assignee may not see it.
    """
    named = visibility.confidants(session, ticket.customer_id)
    if not named:
        return
    if visibility.is_hidden_customer(session, ticket.customer_id):
        raise confidential_refusal()
    assignee = session.get(Agent, ticket.assignee_id or 0)
    if assignee is not None and assignee.login not in named:
        raise RefusedError(
            f"{ref(ticket.id)} is confidential to {', '.join(sorted(named))}: "
            f"{assignee.login} cannot have it: choose another agent (--to)."
        )


def may_share(session: Session, one: Ticket, other: Ticket) -> bool:
    """Whether what is known and answered on one ticket may be on the other one as well.

    Not if they are of different customers, one of whom is confidential.
    """
    if one.customer_id == other.customer_id:
        return True
    of_both = (visibility.confidants(session, each.customer_id) for each in (one, other))
    return not any(of_both)


def require_may_share(session: Session, one: Ticket, other: Ticket) -> None:
    """Refuse to join two tickets if one is of a confidential customer and the other is not.

    :raises RefusedError: naming what to do instead.
    """
    if not may_share(session, one, other):
        raise RefusedError(
            _(
                "{ticket} and {other} are not joined: a customer of theirs is confidential, and "
                "the other's requester would be answered with it; answer each, or link them as "
                "related (ticket link --kind related)."
            ).format(ticket=ref(one.id), other=ref(other.id))
        )


def is_confidential(session: Session, requester: str, customer: str) -> bool:
    """Whether a query with this requester and customer, as typed, is confidential to some agents.

    :param requester: what names a person, or "".
    :param customer: a name, or "".
    """
    of_mail = people.customer_of_mail(session, address_of(requester))
    named = people.customer(session, customer)
    numbers = (
        *(person.customer_id for person in meant_by(session, requester)),
        of_mail.id if of_mail else None,
        named.id if named else None,
    )
    return any(visibility.confidants(session, number) for number in numbers)


def outsiders(session: Session, ticket: Ticket, agents: Iterable[int]) -> set[int]:
    """Return the agents who may not see a ticket.

    :param agents: the database ids of the agents to check.
    """
    named = visibility.confidants(session, ticket.customer_id)
    if not named:
        return set()
    return set(agents) - people.numbers_of(session, named)
