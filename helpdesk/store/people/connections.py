"""Queries about the processes in which agents are signed in over SSH."""

from datetime import datetime

from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import Session

from helpdesk.store.models import Agent, AgentKey, Connection


def connections(session: Session, agent_id: int | None = None) -> list[Row[Connection, str]]:
    """Return the connections of all agents or of one, each with the login, oldest first."""
    statement = select(Connection, Agent.login).join(Agent, Agent.id == Connection.agent_id)
    if agent_id is not None:
        statement = statement.where(Connection.agent_id == agent_id)
    return list(session.execute(statement.order_by(Connection.id)))


def forget(session: Session, number: int) -> None:
    """Delete a connection from the list."""
    session.execute(delete(Connection).where(Connection.id == number))


def touch(session: Session, number: int, now: datetime) -> None:
    """Record a sign of life of the connection's process."""
    session.execute(update(Connection).where(Connection.id == number).values(seen_at=now))


def connection_status(
    session: Session, agent_id: int, number: int, fingerprint: str
) -> tuple[bool, str, datetime | None, int | None]:
    """Return the status of a connection.

    :returns: whether the agent is active; the sentence that asks the connection to end, or "";
        when it last gave a sign of life; the id of the agent who has the key now.
    """
    statement = (
        select(Agent.active, Connection.leave, Connection.seen_at, AgentKey.agent_id)
        .select_from(Agent)
        .outerjoin(Connection, Connection.id == number)
        .outerjoin(AgentKey, AgentKey.fingerprint == fingerprint)
        .where(Agent.id == agent_id)
    )
    row = session.execute(statement).first()
    if row is None:
        return False, "", None, None
    return row[0], row[1] or "", row[2], row[3]


def ask_to_leave(
    session: Session, sentence: str, *, agent_id: int, fingerprint: str | None = None
) -> None:
    """Ask an agent's connections to end, either all or those of one key.

    :param sentence: what the person is told.
    """
    statement = update(Connection).where(Connection.agent_id == agent_id)
    if fingerprint is not None:
        statement = statement.where(Connection.fingerprint == fingerprint)
    session.execute(statement.values(leave=sentence))
