"""Read tickets with everything that belongs to them, in chunks by ticket number."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, select, true
from sqlalchemy.orm import Session, aliased

from helpdesk.store.database import visibility
from helpdesk.store.models import (
    Agent,
    Customer,
    Requester,
    Service,
    Ticket,
    TicketArticle,
    TicketClock,
    TicketEvent,
    TicketOrigin,
    TicketRequester,
)

Rows = list[Row[*tuple[Any, ...]]]


def tickets(
    session: Session, condition: ColumnElement[bool] | None, after: int, limit: int
) -> Rows:
    """Return the next tickets by number, as (ticket, requester, customer, service, assignee).

    :param condition: which tickets; None for all.
    :param after: the last number of the previous chunk.
    """
    assignee = aliased(Agent)
    statement = (
        select(Ticket, Requester, Customer.name, Service.name, assignee.login)
        .outerjoin(Requester, Requester.id == Ticket.requester_id)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(Service, Service.id == Ticket.service_id)
        .outerjoin(assignee, assignee.id == Ticket.assignee_id)
        .where(Ticket.id > after, true() if condition is None else condition)
        .order_by(Ticket.id)
        .limit(limit)
    )
    return list(session.execute(statement))


def events(session: Session, numbers: Iterable[int]) -> Rows:
    """Return the timeline entries of these tickets as (entry, actor's login), oldest first."""
    statement = (
        select(TicketEvent, Agent.login)
        .outerjoin(Agent, Agent.id == TicketEvent.actor_id)
        .where(TicketEvent.ticket_id.in_(list(numbers)))
        .order_by(TicketEvent.ticket_id, TicketEvent.id)
    )
    return list(session.execute(statement))


class EndedClock(NamedTuple):
    """How a clock of a ticket ended; None: it has not."""

    ticket_id: int
    name: str
    met_at: datetime | None
    breached_at: datetime | None


def clocks(session: Session, numbers: Iterable[int]) -> list[EndedClock]:
    """Return the clocks of these tickets."""
    statement = select(
        TicketClock.ticket_id, TicketClock.name, TicketClock.met_at, TicketClock.breached_at
    ).where(TicketClock.ticket_id.in_(list(numbers)))
    return [EndedClock(*row) for row in session.execute(statement)]


def articles(session: Session, numbers: Iterable[int]) -> Rows:
    """Return (ticket, path) of the articles that answered these tickets."""
    statement = select(TicketArticle.ticket_id, TicketArticle.path)
    of_these = TicketArticle.ticket_id.in_(list(numbers))
    return list(session.execute(statement.where(of_these).order_by(TicketArticle.at)))


def further_requesters(session: Session, numbers: Iterable[int]) -> Rows:
    """Return (ticket, address, name) of the further requesters of these tickets.

    Those who asked in a ticket that the acting agent may not see are left out.
    """
    statement = (
        select(TicketRequester.ticket_id, Requester.mail, Requester.name)
        .join(Requester, Requester.id == TicketRequester.requester_id)
        .where(
            TicketRequester.ticket_id.in_(list(numbers)),
            visibility.of_visible_ticket(session, TicketRequester.via_id),
        )
        .order_by(TicketRequester.ticket_id, TicketRequester.at, Requester.id)
    )
    return list(session.execute(statement))


def origins(session: Session, numbers: Iterable[int]) -> dict[int, TicketOrigin]:
    """Return the origins of those of these tickets that were imported, by ticket number."""
    statement = select(TicketOrigin).where(TicketOrigin.ticket_id.in_(list(numbers)))
    return {origin.ticket_id: origin for origin in session.scalars(statement)}
