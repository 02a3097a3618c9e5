"""Read and write the clocks of many tickets at once, after a change of the policy."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import BigInteger, Row, delete, exists, func, or_, select, type_coerce, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import max as greatest

from helpdesk.domain.entry_type import EntryType
from helpdesk.store.database.many_rows import insert_rows, update_rows
from helpdesk.store.models import Ticket, TicketClock, TicketEvent, TicketRequester
from helpdesk.store.models.ticket_states import ACTIVE

_COLUMNS = (
    Ticket.id, Ticket.state, Ticket.queue, Ticket.kind, Ticket.priority, Ticket.customer_id,
    Ticket.service_id, Ticket.version, Ticket.updated_at, Ticket.waiting_until, Ticket.resolved_at,
    Ticket.policy_id, Ticket.calendar_id, Ticket.follow_up_at, Ticket.follow_up_due, Ticket.channel,
    or_(
        Ticket.requester_id.is_not(None),
        exists().where(TicketRequester.ticket_id == Ticket.id),
    ).label("names_requester"),
)  # fmt: skip


def active_count(session: Session) -> int:
    """Return the number of active tickets."""
    return session.scalar(select(func.count()).select_from(Ticket).where(ACTIVE)) or 0


def active_numbers_after(session: Session, number: int, limit: int) -> list[int]:
    """Return the next active tickets by number, after this one."""
    statement = select(Ticket.id).where(ACTIVE, Ticket.id > number).order_by(Ticket.id)
    return list(session.scalars(statement.limit(limit)))


def last_event(session: Session) -> int:
    """Return the number of the newest timeline entry."""
    return session.scalar(select(greatest(TicketEvent.id))) or 0


def changed_since(session: Session, event: int) -> set[int]:
    """Return the tickets with timeline entries after this one."""
    return set(session.scalars(select(TicketEvent.ticket_id).where(TicketEvent.id > event)))


def active(
    session: Session, types: tuple[EntryType, ...], chunk: int
) -> Iterator[
    list[tuple[Row[*tuple[Any, ...]], list[Row[*tuple[Any, ...]]], list[Row[*tuple[Any, ...]]]]]
]:
    """Yield the active tickets in chunks: (ticket row, entries of these types, clocks)."""
    last = 0
    while True:
        statement = select(*_COLUMNS).where(ACTIVE, Ticket.id > last).order_by(Ticket.id)
        rows = list(session.execute(statement.limit(chunk)))
        if not rows:
            return
        yield _with_timelines(session, rows, types)
        last = rows[-1].id


def active_among(
    session: Session, numbers: Iterable[int], types: tuple[EntryType, ...]
) -> list[tuple[Row[*tuple[Any, ...]], list[Row[*tuple[Any, ...]]], list[Row[*tuple[Any, ...]]]]]:
    """Return those of these tickets that are active, as :func:`active` does."""
    statement = select(*_COLUMNS).where(ACTIVE, Ticket.id.in_(list(numbers))).order_by(Ticket.id)
    return _with_timelines(session, list(session.execute(statement)), types)


def _with_timelines(
    session: Session, rows: list[Row[*tuple[Any, ...]]], types: tuple[EntryType, ...]
) -> list[tuple[Row[*tuple[Any, ...]], list[Row[*tuple[Any, ...]]], list[Row[*tuple[Any, ...]]]]]:
    if not rows:
        return []
    # The numbers ascend, so that this range lets the database read one part of the index.
    first, last = rows[0].id, rows[-1].id
    entries: dict[int, list[Row[*tuple[Any, ...]]]] = {row.id: [] for row in rows}
    clocks: dict[int, list[Row[*tuple[Any, ...]]]] = {row.id: [] for row in rows}
    numbers = list(entries)
    statement = (
        select(TicketEvent.ticket_id, TicketEvent.at, TicketEvent.type, TicketEvent.data)
        .where(
            TicketEvent.ticket_id.between(first, last),
            TicketEvent.ticket_id.in_(numbers),
            TicketEvent.type.in_(types),
        )
        .order_by(TicketEvent.ticket_id, TicketEvent.id)
    )
    for row in session.execute(statement):
        entries[row.ticket_id].append(row)
    for row in session.execute(
        select(
            TicketClock.ticket_id,
            TicketClock.name,
            TicketClock.due_at,
            TicketClock.breached_at,
            TicketClock.standing,
        ).where(TicketClock.ticket_id.in_(numbers))
    ):
        clocks[row.ticket_id].append(row)
    return [(row, entries[row.id], clocks[row.id]) for row in rows]


def write(
    session: Session,
    tickets: list[dict[str, Any]],
    clocks: list[dict[str, Any]],
    entries: list[dict[str, Any]],
) -> None:
    """Update tickets, replace all their clocks and add timeline entries.

    :param tickets: the new values by column name, the same columns in each, and ``id``.
    """
    if not tickets:
        return
    update_rows(session, Ticket, tickets)
    numbers = [row["id"] for row in tickets]
    session.execute(delete(TicketClock).where(TicketClock.ticket_id.in_(numbers)))
    insert_rows(session, TicketClock, clocks)
    insert_rows(session, TicketEvent, entries)


def close_resolved_after(session: Session, seconds: int | None) -> None:
    """Set when resolved tickets are closed automatically, in seconds after their resolution.

    :param seconds: None: never.
    """
    at = None if seconds is None else type_coerce(Ticket.resolved_at, BigInteger) + seconds
    table = Ticket.__table__
    session.connection().execute(
        update(table).where(table.c.state == "resolved").values(act_at=at)  # type: ignore[arg-type]
    )
