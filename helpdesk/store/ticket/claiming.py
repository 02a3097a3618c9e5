"""Taking the most urgent unclaimed ticket, so that no two agents ever get the same."""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Select, Table, select, update
from sqlalchemy.orm import Session

from helpdesk.domain.escalation import Level
from helpdesk.store.database import visibility
from helpdesk.store.models import Ticket
from helpdesk.store.models.ticket_states import UNCLAIMED


def most_urgent(session: Session, levels: Sequence[Level]) -> list[Level]:
    """Return those of these queues that may hold an unclaimed ticket, the most urgent first."""
    if len(levels) == 1:
        return [*levels]
    heads = []
    for level in levels:
        head = session.execute(
            _waiting(session, level).with_only_columns(Ticket.due_rank, Ticket.id)
        )
        if (row := head.first()) is not None:
            heads.append((tuple(row), level))
    return [level for _, level in sorted(heads)]


def take_next(session: Session, level: Level, agent_id: int) -> int | None:
    """Give the most urgent unclaimed ticket of a queue to an agent; return its number.

    It is one statement.  On SQLite the transaction keeps other writers out; PostgreSQL passes over
    the rows that another transaction is about to take.
    """
    table = cast(Table, Ticket.__table__)
    first = _waiting(session, level).with_for_update(skip_locked=True, of=Ticket)
    statement = (
        update(table)
        .where(table.c.id == first.scalar_subquery(), table.c.assignee_id.is_(None))
        .values(assignee_id=agent_id)
        .returning(table.c.id)
    )
    return session.execute(statement).scalar()


def _waiting(session: Session, level: Level) -> Select[int]:
    return (
        select(Ticket.id)
        .where(UNCLAIMED, Ticket.queue == level, visibility.condition(session))
        .order_by(Ticket.due_rank, Ticket.id)
        .limit(1)
    )
