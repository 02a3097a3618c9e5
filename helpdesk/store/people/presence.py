"""Queries about presence: who has a ticket open or is writing in it.

Each running app has a lease of a few seconds.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select
from sqlalchemy.orm import Session

from helpdesk.store.database import visibility
from helpdesk.store.models import Agent, Presence

#: The longest lease; one that ends later was taken before the host's clock was set back.
MAX_LEASE = timedelta(seconds=75)


def others(session: Session, process: str, now: datetime) -> list[Row[*tuple[Any, ...]]]:
    """Return (ticket, login, writing) of the other apps that have a ticket open.

    :param process: the app that asks.
    """
    statement = (
        select(Presence.ticket_id, Agent.login, Presence.writing)
        .join(Agent, Agent.id == Presence.agent_id)
        .where(
            Presence.process != process,
            _is_valid(now),
            Presence.ticket_id.is_not(None),
            visibility.of_visible_ticket(session, Presence.ticket_id),
        )
        .order_by(Presence.ticket_id, Presence.writing.desc(), Agent.login)
    )
    return list(session.execute(statement))


def online(session: Session, now: datetime) -> set[int]:
    """Return the ids of the agents who have the app open."""
    return set(session.scalars(select(Presence.agent_id).where(_is_valid(now))))


def _is_valid(now: datetime) -> ColumnElement[bool]:
    return (Presence.until > now) & (Presence.until <= now + MAX_LEASE)


def put(
    session: Session,
    process: str,
    agent_id: int,
    ticket: int | None,
    *,
    writing: bool,
    until: datetime,
    now: datetime,
) -> bool:
    """Replace an app's lease, and delete all leases that have ended.

    :param ticket: the ticket that the app shows, or None.
    :returns: whether its ticket or ``writing`` has changed.
    """
    ended = session.execute(
        delete(Presence)
        .where((Presence.until <= now) | (Presence.process == process))
        .returning(Presence.process, Presence.ticket_id, Presence.writing)
        .execution_options(synchronize_session=False)
    )
    before = {row.process: (row.ticket_id, row.writing) for row in ended}.get(
        process, (None, False)
    )
    session.add(
        Presence(process=process, agent_id=agent_id, ticket_id=ticket, writing=writing, until=until)
    )
    return before != (ticket, writing)


def leave(session: Session, process: str) -> None:
    """End an app's lease."""
    session.execute(delete(Presence).where(Presence.process == process))
