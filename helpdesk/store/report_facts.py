"""Stream the rows that reports count, each query by an index on its period, in no order.

Instants are passed and returned as stored: in seconds since 1970 (UTC).
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    and_,
    exists,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session, aliased

from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.sla.clock import ClockName
from helpdesk.domain.ticket import LinkKind
from helpdesk.domain.ticket_fields import GROUPED
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
_undone = aliased(TicketEvent)
#: Entries that were undone do not count (see ``desk.sla.history.standing``).
_NOT_UNDONE: ColumnElement[bool] = ~exists().where(
    _undone.ticket_id == TicketEvent.ticket_id,
    _undone.type == EntryType.UNDONE,
    _undone.data["of"].as_integer() == TicketEvent.data["version"].as_integer(),
)
#: Whether a ticket ended by a merge, which answers nobody and resolves nothing.
_MERGED = exists().where(
    TicketEvent.ticket_id == Ticket.id,
    TicketEvent.type == EntryType.MERGED,
    TicketEvent.at == Ticket.resolved_at,
)
#: Opening a merged ticket again is no reopening: it was never resolved.
_LEFT_A_MERGE = TicketEvent.data["left"].as_string().is_not(None)
_OUTCOMES = tuple(
    entry for entry in EntryType if entry.is_resolution or entry is EntryType.REOPENED
)


def _stored(column: Any) -> ColumnElement[Any]:
    return type_coerce(column, BigInteger)


_created, _resolved = _stored(Ticket.created_at), _stored(Ticket.resolved_at)
#: The number and the fields by which reports group come first, in the order of ``GROUPED``.
_TICKET = (
    Ticket.id, *(getattr(Ticket, field.attribute) for field in GROUPED),
    _created.label("created"), _resolved.label("resolved"), Ticket.hand_overs, Ticket.reopenings,
    Ticket.csat,
)  # fmt: skip

Rows = Iterator[Row[*tuple[Any, ...]]]


def logged(session: Session, start: int, end: int) -> Rows:
    """Yield the tickets received in ``[start, end)``."""
    return _stream(session, select(*_TICKET).where(_created >= start, _created < end))


def resolved(session: Session, start: int, end: int) -> Rows:
    """Yield the tickets resolved in ``[start, end)``, with their clocks; merged ones are left out.

    ``answered`` says whether an article answered the ticket, ``duplicate`` whether it is a
    duplicate of another.
    """
    clocks = {name: aliased(TicketClock) for name in ClockName}
    columns: list[Any] = [*_TICKET]
    for name, clock in clocks.items():
        columns += [
            clock.elapsed_s.label(f"{name}_elapsed"),
            _stored(clock.met_at).label(f"{name}_met"),
            _stored(clock.breached_at).label(f"{name}_breached"),
        ]
    answered = exists().where(TicketArticle.ticket_id == Ticket.id)
    duplicate = exists().where(
        TicketLink.ticket_id == Ticket.id, TicketLink.kind == LinkKind.DUPLICATE
    )
    statement = select(*columns, answered.label("answered"), duplicate.label("duplicate"))
    for name, clock in clocks.items():
        statement = statement.outerjoin(
            clock, and_(clock.ticket_id == Ticket.id, clock.name == name.value)
        )
    return _stream(session, statement.where(_resolved >= start, _resolved < end, ~_MERGED))


def moves(session: Session, start: int, end: int) -> Rows:
    """Yield the hand-overs of tickets resolved in ``[start, end)``: (ticket, type, from, to)."""
    statement = (
        select(
            TicketEvent.ticket_id,
            TicketEvent.type,
            TicketEvent.data["from"].as_string().label("source"),
            TicketEvent.data["to"].as_string().label("target"),
        )
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(_HAND_OVER, _resolved >= start, _resolved < end, _NOT_UNDONE)
    )
    return _stream(session, statement)


def outcomes(session: Session, start: int, end: int) -> Rows:
    """Yield the resolutions and reopenings in ``[start, end)``: the ticket and the ``type``."""
    at = _stored(TicketEvent.at)
    statement = (
        select(*_TICKET, TicketEvent.type)
        .join(TicketEvent, TicketEvent.ticket_id == Ticket.id)
        .where(at >= start, at < end, TicketEvent.type.in_(_OUTCOMES), _NOT_UNDONE)
        .where(~_LEFT_A_MERGE)
    )
    return _stream(session, statement)


def backlog(session: Session, end: int) -> Rows:
    """Yield the tickets received before ``end`` and not resolved before it."""
    open_now = select(*_TICKET).where(ACTIVE, _created < end)
    resolved_later = select(*_TICKET).where(_resolved >= end, _created < end)
    yield from _stream(session, open_now)
    yield from _stream(session, resolved_later)


def _stream(session: Session, statement: Select[*tuple[Any, ...]]) -> Rows:
    yield from session.execute(statement.execution_options(yield_per=_CHUNK))
