"""Keep the tickets of a confidential customer to the agents whom the policy names for it."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from helpdesk.domain.errors import NotPermittedError, RefusedError
from helpdesk.domain.ticket import ref
from helpdesk.store.database import visibility
from helpdesk.store.models import Agent, Customer, Ticket
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
        customer = session.get_one(Customer, ticket.customer_id)
        raise NotPermittedError(
            f"queries of {customer.name} are confidential to {', '.join(sorted(named))}: nothing "
            "was saved; pass it on to one of them."
        )
    assignee = session.get(Agent, ticket.assignee_id or 0)
    if assignee is not None and assignee.login not in named:
        raise RefusedError(
            f"{ref(ticket.id)} is confidential to {', '.join(sorted(named))}: "
            f"{assignee.login} cannot have it."
        )


def outsiders(session: Session, ticket: Ticket, agents: Iterable[int]) -> set[int]:
    """Return the agents who may not see a ticket.

    :param agents: the database ids of the agents to check.
    """
    named = visibility.confidants(session, ticket.customer_id)
    if not named:
        return set()
    return set(agents) - people.numbers_of(session, named)
