"""One ticket: loading it, its timeline, its links; adding to them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, delete, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from helpdesk.domain.errors import HiddenError, NotFoundError
from helpdesk.domain.ticket import LinkKind, State, ref
from helpdesk.store import sight
from helpdesk.store.models import (
    Agent,
    Customer,
    Requester,
    Service,
    Ticket,
    TicketArticle,
    TicketClock,
    TicketEvent,
    TicketLink,
)

#: The number of the ticket that a statement is about.  What every verb asks is put together once.
_NUMBER: ColumnElement[int] = bindparam("number")

_THEIRS = aliased(Customer)
_WHOLE = (
    select(Ticket, Requester, _THEIRS.name, Customer.name, Service.name, Agent.login)
    .outerjoin(Requester, Requester.id == Ticket.requester_id)
    .outerjoin(_THEIRS, _THEIRS.id == Requester.customer_id)
    .outerjoin(Customer, Customer.id == Ticket.customer_id)
    .outerjoin(Service, Service.id == Ticket.service_id)
    .outerjoin(Agent, Agent.id == Ticket.assignee_id)
    .where(Ticket.id == _NUMBER)
)
_EVENTS = (
    select(TicketEvent, Agent.login)
    .outerjoin(Agent, Agent.id == TicketEvent.actor_id)
    .where(TicketEvent.ticket_id == _NUMBER)
    .order_by(TicketEvent.id)
)
_EVENTS_OF_TYPES = (
    select(TicketEvent)
    .where(
        TicketEvent.ticket_id == _NUMBER,
        TicketEvent.type.in_(bindparam("types", expanding=True)),
    )
    .order_by(TicketEvent.id)
)
_NEWEST_AT = (
    select(TicketEvent.at)
    .where(TicketEvent.ticket_id == _NUMBER)
    .order_by(TicketEvent.id.desc())
    .limit(1)
)
_FORGET_CLOCKS = delete(TicketClock).where(TicketClock.ticket_id == _NUMBER)


def load(session: Session, number: int) -> Ticket:
    """Return the ticket.

    :raises NotFoundError: if there is none of that number.
    """
    ticket = session.get(Ticket, number)
    if ticket is None:
        sentence = f"there is no ticket {ref(number)} on this desk."
        if sight.is_hidden(session, number):
            raise HiddenError(sentence, f"{ref(number)} is confidential to others.")
        raise NotFoundError(sentence)
    return ticket


@dataclass(frozen=True, slots=True)
class Whole:
    """A ticket with the rows that it names."""

    ticket: Ticket
    requester: Requester | None
    requester_customer: str
    customer: str
    service: str
    assignee: str


def load_whole(session: Session, number: int) -> Whole:
    """Return the ticket with the names of what it refers to.

    :raises NotFoundError: if there is none of that number.
    """
    row = session.execute(_WHOLE, {"number": number}).first()
    if row is None:
        return Whole(load(session, number), None, "", "", "", "")  # which says what is wrong
    ticket, requester, *names = row
    return Whole(ticket, requester, *(name or "" for name in names))


def in_sight(session: Session, numbers: list[int]) -> set[int]:
    """Return those of these tickets that are there and that the acting agent may see."""
    return set(session.scalars(select(Ticket.id).where(Ticket.id.in_(numbers))))


def newest_event_at(session: Session) -> datetime | None:
    """Return when the newest entry of any timeline was made; None: there is none."""
    statement = select(TicketEvent.at).order_by(TicketEvent.id.desc()).limit(1)
    return session.scalar(statement)


def newest_entry_at(session: Session, number: int) -> datetime:
    """Return when the newest entry of a ticket's timeline was made; long ago, if there is none."""
    at: datetime | None = session.scalar(_NEWEST_AT, {"number": number})
    return at or datetime.min.replace(tzinfo=UTC)


def events(session: Session, number: int) -> list[Row[*tuple[Any, ...]]]:
    """Return (event, actor's login or None) of a ticket, oldest first."""
    return list(session.execute(_EVENTS, {"number": number}))


def events_of_types(session: Session, number: int, types: tuple[str, ...]) -> list[TicketEvent]:
    """Return a ticket's events of these types, oldest first."""
    return list(session.scalars(_EVENTS_OF_TYPES, {"number": number, "types": types}))


def events_after_version(
    session: Session, number: int, version: int
) -> list[Row[*tuple[Any, ...]]]:
    """Return (event, actor's login) of what was recorded after the ticket had that version."""
    return [
        row
        for row in events(session, number)
        if int(row.TicketEvent.data.get("version", 0)) > version
    ]


_ALARM: ColumnElement[bool] = literal_column("ticket_events.type IN ('warned', 'breached')")


def alarms(session: Session, limit: int) -> list[Row[*tuple[Any, ...]]]:
    """Return (event, its ticket's subject and state) of warnings and breaches, newest first."""
    statement = (
        select(TicketEvent, Ticket.subject, Ticket.state)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(_ALARM)
        .order_by(TicketEvent.id.desc())
        .limit(limit)
    )
    return list(session.execute(statement))


def clocks_of(session: Session, number: int) -> list[TicketClock]:
    """Return a ticket's clocks as of its last event."""
    return list(session.scalars(select(TicketClock).where(TicketClock.ticket_id == number)))


def count(session: Session) -> int:
    """Return how many tickets the desk has ever had."""
    return session.scalar(select(func.count()).select_from(Ticket)) or 0


def replace_clocks(session: Session, number: int, clocks: list[TicketClock]) -> None:
    """Put the clocks of a ticket in place of its earlier ones."""
    session.execute(_FORGET_CLOCKS, {"number": number})
    session.add_all(clocks)


def links(session: Session, number: int) -> list[tuple[TicketLink, Ticket]]:
    """Return each link of a ticket, in either direction, with the ticket at its other end."""
    statement = (
        select(TicketLink, Ticket)
        .join(
            Ticket,
            or_(
                (Ticket.id == TicketLink.other_id) & (TicketLink.ticket_id == number),
                (Ticket.id == TicketLink.ticket_id) & (TicketLink.other_id == number),
            ),
        )
        .where(or_(TicketLink.ticket_id == number, TicketLink.other_id == number))
        .order_by(TicketLink.kind, Ticket.id)
    )
    return [(link, ticket) for link, ticket in session.execute(statement)]


def has_link(session: Session, number: int, other: int, kind: LinkKind) -> bool:
    """Whether the link is there already."""
    return session.get(TicketLink, (number, other, kind)) is not None


def remove_link(session: Session, number: int, other: int, kind: LinkKind) -> None:
    """Take a link away."""
    found = session.get(TicketLink, (number, other, kind))
    if found is not None:
        session.delete(found)


def parent_of(session: Session, number: int) -> int | None:
    """Return the ticket of which this one is a child, or None."""
    statement = select(TicketLink.other_id).where(
        TicketLink.ticket_id == number, TicketLink.kind == LinkKind.PARENT
    )
    return session.scalar(statement)


def open_children(session: Session, number: int) -> list[int]:
    """Return the children of a ticket that are active."""
    statement = (
        select(Ticket.id)
        .join(TicketLink, TicketLink.ticket_id == Ticket.id)
        .where(TicketLink.other_id == number, TicketLink.kind == LinkKind.PARENT)
        .where(Ticket.state.in_([State.NEW, State.OPEN, State.PENDING]))
        .order_by(Ticket.id)
    )
    return list(session.scalars(statement))


def resolved_beside(session: Session, number: int, at: datetime) -> bool:
    """Whether a duplicate of a ticket was resolved at this instant, too."""
    statement = (
        select(Ticket.id)
        .join(TicketLink, TicketLink.ticket_id == Ticket.id)
        .where(TicketLink.other_id == number, TicketLink.kind == LinkKind.DUPLICATE)
        .where(Ticket.resolved_at == at)
    )
    return session.scalar(statement.limit(1)) is not None


def articles(session: Session, number: int) -> list[str]:
    """Return the paths of the articles that answered a ticket."""
    statement = (
        select(TicketArticle.path)
        .where(TicketArticle.ticket_id == number)
        .order_by(TicketArticle.at, TicketArticle.path)
    )
    return list(session.scalars(statement))


def note_article(session: Session, number: int, path: str, at: datetime) -> None:
    """Remember that an article answered a ticket."""
    if session.get(TicketArticle, (number, path)) is None:
        session.add(TicketArticle(ticket_id=number, path=path, at=at))


def forget_article(session: Session, number: int, path: str, at: datetime) -> None:
    """Forget that an article answered a ticket, if that was noted at this instant."""
    noted = session.get(TicketArticle, (number, path))
    if noted is not None and noted.at == at:
        session.delete(noted)


def login_of(session: Session, agent_id: int | None) -> str:
    """Return an agent's login; "" where nobody acted."""
    agent = session.get(Agent, agent_id or 0)
    return agent.login if agent else ""


def article_uses(session: Session, since: datetime | None = None) -> dict[str, int]:
    """Return how many tickets each article answered, ever or since an instant."""
    statement = select(TicketArticle.path, func.count().label("uses")).group_by(TicketArticle.path)
    if since is not None:
        statement = statement.where(TicketArticle.at >= since)
    return {row.path: row.uses for row in session.execute(statement)}
