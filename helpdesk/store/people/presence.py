"""Who has which ticket open, or is writing in it: leases of a few seconds, one for each app."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select
from sqlalchemy.orm import Session

from helpdesk.store.models import Agent, Presence

#: No lease is longer: one that seems to be was taken before the host's clock was set back.
LONGEST = timedelta(seconds=75)


def others(session: Session, process: str, now: datetime) -> list[Row[*tuple[Any, ...]]]:
    """Return (ticket, login, writing) of all other apps that have a ticket open."""
    statement = (
        select(Presence.ticket_id, Agent.login, Presence.writing)
        .join(Agent, Agent.id == Presence.agent_id)
        .where(
            Presence.process != process,
            _holds(now),
            Presence.ticket_id.is_not(None),
        )
        .order_by(Presence.ticket_id, Presence.writing.desc(), Agent.login)
    )
    return list(session.execute(statement))


def online(session: Session, now: datetime) -> set[int]:
    """Return the numbers of the agents who have the app open."""
    return set(session.scalars(select(Presence.agent_id).where(_holds(now))))


def _holds(now: datetime) -> ColumnElement[bool]:
    return (Presence.until > now) & (Presence.until <= now + LONGEST)


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
    """Put an app's lease in place of its earlier one; leases that ended are swept away.

    :returns: whether the others see anything new of it.
    """
    ended = session.execute(
        delete(Presence)
        .where((Presence.until <= now) | (Presence.process == process))
        .returning(Presence.process, Presence.ticket_id, Presence.writing)
        .execution_options(synchronize_session=False)
    )
    before = {mine: (on, wrote) for mine, on, wrote in ended}.get(process, (None, False))
    session.add(
        Presence(process=process, agent_id=agent_id, ticket_id=ticket, writing=writing, until=until)
    )
    return before != (ticket, writing)


def leave(session: Session, process: str) -> None:
    """End an app's lease."""
    session.execute(delete(Presence).where(Presence.process == process))
