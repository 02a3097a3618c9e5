"""Stream the rows that reports count, in no order unless one is named.

Instants are passed and returned as stored: in seconds since 1970 (UTC).
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    exists,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session, aliased

from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.sla.clock import ClockName
from helpdesk.domain.ticket import LinkKind
from helpdesk.domain.ticket_fields import GROUPED, FieldType
from helpdesk.store.database import visibility
from helpdesk.store.models import (
    HAND_OVER_ENTRIES,
    Ticket,
    TicketArticle,
    TicketClock,
    TicketEvent,
    TicketLink,
)
from helpdesk.store.models.ticket_states import ACTIVE

#: How many rows are fetched at a time.
_CHUNK = 5_000
#: Spelled as in the partial index, so that the planner uses it.
_HAND_OVER: ColumnElement[bool] = literal_column(f"ticket_events.{HAND_OVER_ENTRIES}")
#: Whether a ticket ended by a merge, which answers nobody and resolves nothing.
_MERGED = exists().where(
    TicketEvent.ticket_id == Ticket.id,
    TicketEvent.type == EntryType.MERGED,
    TicketEvent.at == Ticket.resolved_at,
)
#: Entries that change a field by which reports group, besides hand-overs.
_CHANGES = (EntryType.CHANGED,)
#: Entries that change the assignee, besides hand-overs.
ASSIGNMENTS = (EntryType.CLAIMED, EntryType.ASSIGNED, EntryType.RELEASED)
#: Entries from which it is read how a ticket stood, if it was reopened or an entry undone.
_TOLD = tuple(
    entry for entry in EntryType if entry.moves_clocks or entry in (*_CHANGES, *ASSIGNMENTS)
)


def _stored(column: Any) -> ColumnElement[Any]:
    return type_coerce(column, BigInteger)


def _word(column: Any) -> ColumnElement[Any]:
    """Return a column as the text that is stored, which is read faster than an enum's member."""
    return type_coerce(column, String)


_created, _resolved = _stored(Ticket.created_at), _stored(Ticket.resolved_at)
_at, _due = _stored(TicketEvent.at), _stored(TicketClock.due_at)
_GROUPS = tuple(
    _word(getattr(Ticket, field.attribute))
    if field.field_type is FieldType.CHOICE
    else getattr(Ticket, field.attribute)
    for field in GROUPED
)
_clocks = {name: aliased(TicketClock) for name in ClockName}
_article = exists().where(TicketArticle.ticket_id == Ticket.id)

Rows = Iterator[Row[*tuple[Any, ...]]]


def tickets(session: Session, start: int, end: int) -> Rows:
    """Yield the tickets that a report of ``[start, end)`` may count.

    A row has the number, the fields of ``GROUPED``, when it was received and resolved (None if it
    is active), hand-overs, reopenings, whether an article answered it, whether it is a duplicate
    and whether it was merged into another, and four columns for each clock: when it is due, the
    time used, when it was met and breached.
    """
    duplicate = exists().where(
        TicketLink.ticket_id == Ticket.id,
        TicketLink.kind == LinkKind.DUPLICATE,
        visibility.of_visible_ticket(session, TicketLink.other_id),
    )
    columns: list[Any] = [
        Ticket.id, *_GROUPS, _created, _resolved, Ticket.hand_overs, Ticket.reopenings,
        _article, duplicate, _MERGED,
    ]  # fmt: skip
    for name, clock in _clocks.items():
        columns += [
            _stored(clock.due_at).label(f"{name}_due"),
            clock.elapsed_s.label(f"{name}_elapsed"),
            _stored(clock.met_at).label(f"{name}_met"),
            _stored(clock.breached_at).label(f"{name}_breached"),
        ]
    statement = select(*columns).where(visibility.condition(session))
    for name, clock in _clocks.items():
        statement = statement.outerjoin(
            clock, and_(clock.ticket_id == Ticket.id, clock.name == name.value)
        )
    for condition in _counted(start, end):
        # Through the connection: an ORM query takes half as long again for each row.
        yield from session.connection().execute(
            statement.where(condition).execution_options(yield_per=_CHUNK)
        )


def _counted(start: int, end: int) -> tuple[ColumnElement[bool], ...]:
    """Return conditions of which each ticket that may count meets one, each for one index."""
    due = select(TicketClock.ticket_id).where(_due >= start, _due < end)
    return (
        and_(_resolved >= start, _resolved < end),
        and_(ACTIVE, _created < end),
        and_(_resolved >= end, _created < end),
        and_(or_(Ticket.id.in_(due), _undone_since(start)), _resolved < start),
    )


def _undone_since(start: int) -> ColumnElement[bool]:
    """Return the condition for tickets of which something was undone, such as a reopening."""
    undone = select(TicketEvent.ticket_id).where(_at >= start, TicketEvent.type == EntryType.UNDONE)
    return Ticket.id.in_(undone)


def first_answer_of_due(session: Session, start: int, end: int) -> int | None:
    """Return when the first clock was met that is due in ``[start, end)``; None if none was."""
    met = select(func.min(_stored(TicketClock.met_at))).where(_due >= start, _due < end)
    found: int | None = session.scalar(met)
    return found


def hand_overs(session: Session, start: int, end: int) -> Rows:
    """Yield (ticket, entry, at, type, from, to) of the hand-overs of the tickets that may count."""
    statement = (
        select(
            TicketEvent.ticket_id,
            TicketEvent.id,
            _at,
            TicketEvent.type,
            TicketEvent.data["from"].as_string(),
            TicketEvent.data["to"].as_string(),
        )
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(_HAND_OVER)
    )
    for condition in _counted(start, end):
        yield from _stream(session, statement.where(condition))


def field_changes(session: Session, since: int) -> Rows:
    """Yield (ticket, entry, at, data) of fields that were changed since then."""
    return _stream(
        session,
        select(TicketEvent.ticket_id, TicketEvent.id, _at, TicketEvent.data).where(
            _at >= since, TicketEvent.type.in_(_CHANGES)
        ),
    )


def assignments(session: Session) -> Rows:
    """Yield (ticket, entry, at, type, login) of every claim and the like."""
    to = TicketEvent.data["to"].as_string()
    return _stream(
        session,
        select(TicketEvent.ticket_id, TicketEvent.id, _at, TicketEvent.type, to).where(
            TicketEvent.type.in_(ASSIGNMENTS)
        ),
    )


def loggers(session: Session, start: int, end: int) -> Rows:
    """Yield (ticket, agent) of the tickets logged in ``[start, end)``."""
    return _stream(
        session,
        select(TicketEvent.ticket_id, TicketEvent.actor_id).where(
            _at >= start, _at < end, TicketEvent.type == EntryType.LOGGED
        ),
    )


def ratings(session: Session, start: int, end: int) -> Rows:
    """Yield (ticket, at, score, fields of ``GROUPED``) of ratings, oldest first."""
    score = TicketEvent.data["score"].as_integer()
    return _stream(
        session,
        _entries(TicketEvent.ticket_id, _at, score, *_GROUPS, end=end)
        .where(_at >= start, _at < end, TicketEvent.type == EntryType.RATED)
        .order_by(_at, TicketEvent.id),
    )


def waits(session: Session, end: int) -> Rows:
    """Yield (ticket, at, on whom) of waits that began before ``end``, or ended (None), in order."""
    on = TicketEvent.data["on"].as_string()
    return _stream(
        session,
        select(TicketEvent.ticket_id, _at, on)
        .where(_at < end, TicketEvent.type.in_((EntryType.PENDED, EntryType.RESUMED)))
        .order_by(_at, TicketEvent.id),
    )


def timelines(session: Session, start: int, end: int) -> Rows:
    """Yield the entries of tickets of which the row does not tell how they stood.

    They were reopened since ``start``, have undone entries, or got more time after a breach.

    Sorted by ticket, oldest first; a row has ``ticket_id``, ``id``, ``at``, ``type`` and ``data``.
    """
    retold = select(TicketEvent.ticket_id).where(
        or_(
            TicketEvent.type == EntryType.UNDONE,
            and_(TicketEvent.type == EntryType.REOPENED, _at >= start),
        )
    )
    prolonged = select(TicketClock.ticket_id).where(
        _due >= start, TicketClock.due_at > TicketClock.breached_at
    )
    return _stream(
        session,
        _entries(
            *(TicketEvent.ticket_id, TicketEvent.id, TicketEvent.at),
            *(TicketEvent.type, TicketEvent.data),
            end=end,
        )
        .where(or_(TicketEvent.ticket_id.in_(retold), TicketEvent.ticket_id.in_(prolonged)))
        .where(TicketEvent.type.in_(_TOLD))
        .where(or_(ACTIVE, _resolved >= start, _undone_since(start)))
        .order_by(TicketEvent.ticket_id, TicketEvent.id),
    )


def _entries(*columns: Any, end: int) -> Select[*tuple[Any, ...]]:
    """Select columns of timeline entries of the tickets received before ``end``."""
    return select(*columns).join(Ticket, Ticket.id == TicketEvent.ticket_id).where(_created < end)


def _stream(session: Session, statement: Select[*tuple[Any, ...]]) -> Rows:
    yield from session.execute(statement.execution_options(yield_per=_CHUNK))


def by_ticket(rows: Iterable[Row[*tuple[Any, ...]]]) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    """Return rows by their first column, the ticket."""
    found: dict[int, list[Row[*tuple[Any, ...]]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found
