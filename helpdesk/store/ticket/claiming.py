"""Claim the most urgent unclaimed ticket, so that no two agents get the same one."""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Select, Table, select, update
from sqlalchemy.orm import Session

from helpdesk.domain.escalation import Level
from helpdesk.store.database import visibility
from helpdesk.store.models import Ticket
from helpdesk.store.models.ticket_states import UNCLAIMED


def most_urgent(session: Session, levels: Sequence[Level]) -> list[Level]:
    """Return the queues with an unclaimed ticket, the one with the most urgent ticket first.

    A single queue is returned without checking it.
    """
    if len(levels) == 1:
        return [*levels]
    firsts = []
    for level in levels:
        first = session.execute(
            _first_unclaimed(session, level).with_only_columns(Ticket.due_rank, Ticket.id)
        )
        if (row := first.first()) is not None:
            firsts.append((tuple(row), level))
    return [level for _, level in sorted(firsts)]


def take_next(session: Session, level: Level, agent_id: int) -> int | None:
    """Assign the most urgent unclaimed ticket of a queue to an agent.

    It is a single statement.  On SQLite the transaction excludes other writers; PostgreSQL skips
    rows that another transaction has locked.

    :returns: the number of the ticket; None if there is none.
    """
    table = cast(Table, Ticket.__table__)
    first = _first_unclaimed(session, level).with_for_update(skip_locked=True, of=Ticket)
    statement = (
        update(table)
        .where(table.c.id == first.scalar_subquery(), table.c.assignee_id.is_(None))
        .values(assignee_id=agent_id)
        .returning(table.c.id)
    )
    return session.execute(statement).scalar()


def _first_unclaimed(session: Session, level: Level) -> Select[int]:
    return (
        select(Ticket.id)
        .where(UNCLAIMED, Ticket.queue == level, visibility.condition(session))
        .order_by(Ticket.due_rank, Ticket.id)
        .limit(1)
    )
