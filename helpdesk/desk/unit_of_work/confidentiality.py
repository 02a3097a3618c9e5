"""Keep the tickets of a confidential customer to the agents whom the policy names for it."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from helpdesk.desk.people.requesters import address_of
from helpdesk.domain.errors import NotPermittedError, RefusedError
from helpdesk.domain.ticket import ref
from helpdesk.store.database import visibility
from helpdesk.store.models import Agent, Requester, Ticket
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
        raise _refusal()
    assignee = session.get(Agent, ticket.assignee_id or 0)
    if assignee is not None and assignee.login not in named:
        raise RefusedError(
            f"{ref(ticket.id)} is confidential to {', '.join(sorted(named))}: "
            f"{assignee.login} cannot have it."
        )


def is_confidential(session: Session, requester: str, customer: str) -> bool:
    """Whether a query with this requester and customer, as typed, is confidential to some agents.

    :param requester: a mail address, with or without a name, or "".
    :param customer: a name, or "".
    """
    mail = address_of(requester)
    person = people.requester(session, mail)
    of_mail = people.customer_of_mail(session, mail)
    named = people.customer(session, customer)
    numbers = (
        person.customer_id if person else None,
        of_mail.id if of_mail else None,
        named.id if named else None,
    )
    return any(visibility.confidants(session, number) for number in numbers)


def require_requester(session: Session, requester: Requester) -> None:
    """Refuse to name a person of a confidential customer in a ticket that others see.

    :raises NotPermittedError: if the acting agent may not see the person's customer.
    """
    if visibility.is_hidden_customer(session, requester.customer_id):
        raise _refusal()


def _refusal() -> NotPermittedError:
    # It names neither the customer nor the confidants; leads can read them in the policy.
    return NotPermittedError(
        "queries of this customer are confidential to other agents: nothing was saved; pass it on "
        "to a lead."
    )


def outsiders(session: Session, ticket: Ticket, agents: Iterable[int]) -> set[int]:
    """Return the agents who may not see a ticket.

    :param agents: the database ids of the agents to check.
    """
    named = visibility.confidants(session, ticket.customer_id)
    if not named:
        return set()
    return set(agents) - people.numbers_of(session, named)
