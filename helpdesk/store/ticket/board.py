"""Queries for the lead's board: counts of active tickets and recent timeline entries."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import Session

from helpdesk.domain.escalation import Level
from helpdesk.store.models import Ticket, TicketEvent
from helpdesk.store.models.ticket_states import ACTIVE
from helpdesk.store.ticket.queues import NOT_RUNNING_RANK, tally


def by_queue(
    session: Session, now: datetime, hidden: tuple[int, ...] = ()
) -> list[Row[*tuple[Any, ...]]]:
    """Return (queue, active, unassigned, warning, breached, oldest) of queues with active tickets.

    ``oldest`` is when the oldest of them was received.

    :param hidden: tickets that are left out.
    """
    statement = select(Ticket.queue, *tally(now), func.min(Ticket.created_at)).where(ACTIVE)
    if hidden:
        statement = statement.where(Ticket.id.not_in(hidden))
    return list(session.execute(statement.group_by(Ticket.queue)))


def by_agent(session: Session, now: datetime, today: datetime) -> list[Row[*tuple[Any, ...]]]:
    """Return (agent, active, due, warning, breached, oldest) of agents with active tickets.

    :param today: ``due`` counts the tickets that are due before this instant, or overdue.
    """
    active, _, warning, breached = tally(now)
    due = case(
        (Ticket.due_rank < int(today.timestamp()), 1),
        (Ticket.due_rank == NOT_RUNNING_RANK, 1),
        else_=0,
    )
    statement = select(
        Ticket.assignee_id, active, func.sum(due), warning, breached, func.min(Ticket.created_at)
    )
    assigned = Ticket.assignee_id.is_not(None)
    return list(session.execute(statement.where(ACTIVE, assigned).group_by(Ticket.assignee_id)))


def recent(session: Session, since: datetime) -> list[Row[*tuple[Any, ...]]]:
    """Return (ticket, at, type, actor, from, current queue) of recent entries, newest first."""
    source = TicketEvent.data["from"].as_string().label("source")
    statement = (
        select(
            TicketEvent.ticket_id,
            TicketEvent.at,
            TicketEvent.type,
            TicketEvent.actor_id,
            source,
            Ticket.queue,
        )
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(TicketEvent.at >= since)
        .order_by(TicketEvent.at.desc(), TicketEvent.id.desc())
    )
    return list(session.execute(statement))


def next_to_breach(
    session: Session, now: datetime, limit: int, hidden: tuple[int, ...] = ()
) -> list[int]:
    """Return the tickets that will be overdue next, over all queues, in order of due time.

    :param hidden: tickets that are left out.
    """
    found: list[tuple[int, int]] = []
    for level in Level:  # one range of the index each
        statement = select(Ticket.due_rank, Ticket.id).where(
            ACTIVE,
            Ticket.queue == level,
            Ticket.due_rank >= int(now.timestamp()),
            Ticket.due_rank < NOT_RUNNING_RANK,
        )
        if hidden:
            statement = statement.where(Ticket.id.not_in(hidden))
        rows = session.execute(statement.order_by(Ticket.due_rank, Ticket.id).limit(limit))
        found += [(row.due_rank, row.id) for row in rows]
    return [number for _, number in sorted(found)[:limit]]
