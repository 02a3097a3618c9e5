"""What the lead's board counts: active tickets by index, and the entries of the last hours."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, case, func, select
from sqlalchemy.orm import Session

from helpdesk.domain.escalation import Level
from helpdesk.domain.sla.clock import ClockName
from helpdesk.store.models import Ticket, TicketClock, TicketEvent
from helpdesk.store.models.ticket_states import ACTIVE
from helpdesk.store.ticket.queues import BEYOND, tally


def by_queue(session: Session, now: datetime) -> list[Row[*tuple[Any, ...]]]:
    """Return (queue, active, unassigned, warning, breached, oldest) of queues that have any.

    ``oldest`` is when the one was received that is there longest.
    """
    statement = select(Ticket.queue, *tally(now), func.min(Ticket.created_at))
    return list(session.execute(statement.where(ACTIVE).group_by(Ticket.queue)))


def by_agent(session: Session, now: datetime, today: datetime) -> list[Row[*tuple[Any, ...]]]:
    """Return (agent, active, due, warning, breached, oldest) of agents who have any.

    :param today: ``due`` counts what is or was due before this instant.
    """
    active, _, warned, breached = tally(now)
    due = case(
        (Ticket.due_rank < int(today.timestamp()), 1), (Ticket.due_rank == BEYOND, 1), else_=0
    )
    statement = select(
        Ticket.assignee_id, active, func.sum(due), warned, breached, func.min(Ticket.created_at)
    )
    own = Ticket.assignee_id.is_not(None)
    return list(session.execute(statement.where(ACTIVE, own).group_by(Ticket.assignee_id)))


def recent(session: Session, since: datetime) -> list[Row[*tuple[Any, ...]]]:
    """Return (ticket, at, type, actor, from, its queue now) of all entries since, newest first."""
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


def attained(session: Session, since: datetime) -> dict[Level, tuple[int, int]]:
    """Return (kept, promised) resolutions of the tickets resolved since, by queue."""
    kept = func.sum(case((TicketClock.breached_at.is_(None), 1), else_=0))
    statement = (
        select(Ticket.queue, kept, func.count())
        .join(
            TicketClock,
            and_(
                TicketClock.ticket_id == Ticket.id, TicketClock.name == ClockName.RESOLUTION.value
            ),
        )
        .where(Ticket.resolved_at >= since)
        .group_by(Ticket.queue)
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(statement)}


def next_to_breach(session: Session, now: datetime, limit: int) -> list[int]:
    """Return the tickets of all queues that will be overdue next, the first to be so first."""
    found: list[tuple[int, int]] = []
    for level in Level:  # each is a stretch of its index
        statement = select(Ticket.due_rank, Ticket.id).where(
            ACTIVE,
            Ticket.queue == level,
            Ticket.due_rank >= int(now.timestamp()),
            Ticket.due_rank < BEYOND,
        )
        rows = session.execute(statement.order_by(Ticket.due_rank, Ticket.id).limit(limit))
        found += [(row.due_rank, row.id) for row in rows]
    return [number for _, number in sorted(found)[:limit]]
