"""Queries about one ticket: its row, timeline, clocks, links and articles."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum as PlainEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Enum,
    Row,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import HiddenError, NotFoundError
from helpdesk.domain.references import HIDDEN_TICKET
from helpdesk.domain.ticket import FINISHED_STATES, LinkKind, ref
from helpdesk.store.database import visibility
from helpdesk.store.models import (
    ALARM_ENTRIES,
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
from helpdesk.store.models.column_types import Instant
from helpdesk.store.models.ticket_states import ACTIVE

#: From this rating of a resolution on, from 1 to 5, its answer counts for later queries.
_GOOD_RATING = 3
#: The parameter of the following statements, which are built once because they are frequent.
_NUMBER: ColumnElement[int] = bindparam("number")

_REQUESTER_CUSTOMER = aliased(Customer)
_WITH_NAMES = (
    select(Ticket, Requester, _REQUESTER_CUSTOMER.name, Customer.name, Service.name, Agent.login)
    .outerjoin(Requester, Requester.id == Ticket.requester_id)
    .outerjoin(_REQUESTER_CUSTOMER, _REQUESTER_CUSTOMER.id == Requester.customer_id)
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
_CLOCKS = select(TicketClock).where(TicketClock.ticket_id == _NUMBER)
_CLOCK_COLUMNS = tuple(
    column.name for column in TicketClock.__table__.columns if not column.primary_key
)


def load(session: Session, number: int) -> Ticket:
    """Return a ticket.

    :raises NotFoundError: if there is none with that number.
    :raises HiddenError: if the acting agent may not see it, or may not see some other tickets: then
        a missing one is answered in exactly the same way, and recorded as an attempt, too.
    """
    ticket = session.get(Ticket, number)
    if ticket is None:
        sentence = f"there is no ticket {ref(number)} on this desk."
        if visibility.hidden_customers(session):
            # A ticket that does not exist takes the same path, so that the time tells nothing.
            hidden = visibility.is_hidden(session, number)
            why = "is confidential to others" if hidden else "does not exist"
            raise HiddenError(sentence, f"{ref(number)} {why}.")
        raise NotFoundError(sentence)
    return ticket


@dataclass(frozen=True, slots=True)
class TicketWithNames:
    """A ticket with its requester and the names of the rows to which it refers, or ""."""

    ticket: Ticket
    requester: Requester | None
    requester_customer: str
    customer: str
    service: str
    assignee: str


def load_with_names(session: Session, number: int) -> TicketWithNames:
    """Return a ticket with the names of the rows to which it refers.

    :raises NotFoundError: if there is none with that number.
    :raises HiddenError: if the acting agent may not see it.
    """
    row = session.execute(_WITH_NAMES, {"number": number}).first()
    if row is None:
        return TicketWithNames(
            load(session, number), None, "", "", "", ""
        )  # load() raises the error
    ticket, requester, *names = row
    return TicketWithNames(ticket, requester, *(name or "" for name in names))


def visible_numbers(session: Session, numbers: list[int]) -> set[int]:
    """Return those of these tickets that exist and that the acting agent may see."""
    return set(session.scalars(select(Ticket.id).where(Ticket.id.in_(numbers))))


def shown_ref(session: Session, number: int) -> str:
    """Return a ticket's reference for a sentence; it does not name a hidden ticket."""
    return ref(number) if number in visible_numbers(session, [number]) else HIDDEN_TICKET


def newest_event_at(session: Session) -> datetime | None:
    """Return the time of the newest entry of all timelines, or None."""
    statement = select(TicketEvent.at).order_by(TicketEvent.id.desc()).limit(1)
    return session.scalar(statement)


def newest_entry_at(session: Session, number: int) -> datetime:
    """Return the time of the newest entry of a ticket; the earliest datetime if it has none."""
    at: datetime | None = session.scalar(_NEWEST_AT, {"number": number})
    return at or datetime.min.replace(tzinfo=UTC)


def events(session: Session, number: int) -> list[Row[*tuple[Any, ...]]]:
    """Return a ticket's timeline entries as (entry, actor's login or None), oldest first."""
    return list(session.execute(_EVENTS, {"number": number}))


def events_of_types(
    session: Session, number: int, types: tuple[EntryType, ...]
) -> list[TicketEvent]:
    """Return a ticket's timeline entries of these types, oldest first."""
    return list(session.scalars(_EVENTS_OF_TYPES, {"number": number, "types": types}))


def events_after_version(
    session: Session, number: int, version: int
) -> list[Row[*tuple[Any, ...]]]:
    """Return (entry, actor's login) of the entries that were added after a version."""
    return [
        row
        for row in events(session, number)
        if int(row.TicketEvent.data.get("version", 0)) > version
    ]


_ALARM: ColumnElement[bool] = literal_column(f"ticket_events.{ALARM_ENTRIES}")


def alarms(session: Session, limit: int) -> list[Row[*tuple[Any, ...]]]:
    """Return (entry, subject, state) of the newest warnings and breaches, newest first."""
    statement = (
        select(TicketEvent, Ticket.subject, Ticket.state)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(_ALARM)
        .order_by(TicketEvent.id.desc())
        .limit(limit)
    )
    return list(session.execute(statement))


def clocks_of(session: Session, number: int) -> list[TicketClock]:
    """Return a ticket's clocks, as of the last event that changed them."""
    return list(session.scalars(_CLOCKS, {"number": number}))


def numbers(session: Session) -> set[int]:
    """Return the numbers of all tickets."""
    return set(session.scalars(select(Ticket.id)))


def count(session: Session) -> int:
    """Return the number of all tickets of the desk."""
    return session.scalar(select(func.count()).select_from(Ticket)) or 0


def replace_clocks(session: Session, number: int, clocks: list[TicketClock]) -> None:
    """Replace the clocks of a ticket; a clock that did not change is not written."""
    stored = {clock.name: clock for clock in clocks_of(session, number)}
    for clock in clocks:
        known = stored.pop(clock.name, None)
        if known is None:
            session.add(clock)
            continue
        for name in _CLOCK_COLUMNS:
            setattr(known, name, getattr(clock, name))
    for clock in stored.values():
        session.delete(clock)


def links(session: Session, number: int) -> list[tuple[TicketLink, Ticket]]:
    """Return each link from or to a ticket, with the ticket at its other end."""
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
    """Whether a link exists."""
    return session.get(TicketLink, (number, other, kind)) is not None


def remove_link(session: Session, number: int, other: int, kind: LinkKind) -> None:
    """Remove a link, if it exists."""
    found = session.get(TicketLink, (number, other, kind))
    if found is not None:
        session.delete(found)


def parent_of(session: Session, number: int) -> int | None:
    """Return the number of a ticket's parent, or None."""
    statement = select(TicketLink.other_id).where(
        TicketLink.ticket_id == number, TicketLink.kind == LinkKind.PARENT
    )
    return session.scalar(statement)


def open_children(session: Session, number: int) -> list[int]:
    """Return the numbers of the active children of a ticket."""
    statement = (
        select(Ticket.id)
        .join(TicketLink, TicketLink.ticket_id == Ticket.id)
        .where(TicketLink.other_id == number, TicketLink.kind == LinkKind.PARENT)
        .where(ACTIVE)
        .order_by(Ticket.id)
    )
    return list(session.scalars(statement))


def has_duplicate_resolved_at(session: Session, number: int, at: datetime) -> bool:
    """Whether a duplicate of a ticket was resolved at exactly this instant."""
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
    """Record that an article answered a ticket."""
    if session.get(TicketArticle, (number, path)) is None:
        session.add(TicketArticle(ticket_id=number, path=path, at=at))


def forget_article(session: Session, number: int, path: str, at: datetime) -> None:
    """Delete the record that an article answered a ticket, if it is of this instant."""
    use = session.get(TicketArticle, (number, path))
    if use is not None and use.at == at:
        session.delete(use)


def login_of(session: Session, agent_id: int | None) -> str:
    """Return an agent's login, or "" for None."""
    agent = session.get(Agent, agent_id or 0)
    return agent.login if agent else ""


def answer_counts() -> ColumnElement[bool]:
    """Return the condition on ``TicketArticle`` that its article did answer the ticket.

    An article does not count if the ticket was opened again, or if its resolution was rated low or
    corrected by a later reply.
    """
    later = aliased(TicketEvent)
    corrected = exists().where(
        later.ticket_id == TicketArticle.ticket_id,
        later.type.in_([EntryType.REOPENED, EntryType.REPLIED]),
        later.at > TicketArticle.at,
    )
    answered = exists().where(
        Ticket.id == TicketArticle.ticket_id,
        Ticket.state.in_(sorted(FINISHED_STATES)),
        or_(Ticket.csat.is_(None), Ticket.csat >= _GOOD_RATING),
    )
    return and_(answered, ~corrected)


def rated_low(session: Session, numbers: list[int]) -> list[int]:
    """Return those of these tickets whose resolution was rated low."""
    statement = select(Ticket.id).where(Ticket.id.in_(numbers), Ticket.csat < _GOOD_RATING)
    return list(session.scalars(statement))


def article_uses(
    session: Session, since: datetime | None = None, *, as_evidence: bool = False
) -> dict[str, int]:
    """Return how many tickets each article answered, by path.

    :param since: count from this instant on; None: ever.
    :param as_evidence: leave out answers that turned out to be wrong, see :func:`answer_counts`.
    """
    statement = select(TicketArticle.path, func.count().label("uses")).group_by(TicketArticle.path)
    if as_evidence:
        statement = statement.where(answer_counts())
    if since is not None:
        statement = statement.where(TicketArticle.at >= since)
    return {row.path: row.uses for row in session.execute(statement)}


def restore_columns(ticket: Ticket, before: Mapping[str, Any]) -> None:
    """Set columns of a ticket to earlier values.

    :param before: the JSON values by column name, as a timeline entry stores them for undo.
    """
    columns = Ticket.__table__.columns
    for name, value in before.items():
        kind = columns[name].type
        if value is not None and isinstance(kind, Instant):
            value = datetime.fromtimestamp(value, UTC)
        elif value is not None and isinstance(kind, Enum) and kind.enum_class is not None:
            enum: type[PlainEnum] = kind.enum_class
            value = enum(value)
        setattr(ticket, name, value)
