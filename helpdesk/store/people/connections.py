"""The processes in which agents are signed in over SSH."""

from datetime import datetime

from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import Session

from helpdesk.store.models import Agent, AgentKey, Connection


def connections(session: Session, agent_id: int | None = None) -> list[Row[Connection, str]]:
    """Return each connection with its agent's login, oldest first; of one agent, if named."""
    statement = select(Connection, Agent.login).join(Agent, Agent.id == Connection.agent_id)
    if agent_id is not None:
        statement = statement.where(Connection.agent_id == agent_id)
    return list(session.execute(statement.order_by(Connection.id)))


def forget(session: Session, number: int) -> None:
    """Strike a connection off the list."""
    session.execute(delete(Connection).where(Connection.id == number))


def touch(session: Session, number: int, now: datetime) -> None:
    """Note that the connection's process is there."""
    session.execute(update(Connection).where(Connection.id == number).values(seen_at=now))


def standing(
    session: Session, agent_id: int, number: int, fingerprint: str
) -> tuple[bool, str, datetime | None, int | None]:
    """Return how a connection stands: is the agent active, the sentence with which it is asked to
    end, when it was last heard of, and whose key the fingerprint is now."""
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
    """Ask an agent's connections to end, all or those of one key."""
    statement = update(Connection).where(Connection.agent_id == agent_id)
    if fingerprint is not None:
        statement = statement.where(Connection.fingerprint == fingerprint)
    session.execute(statement.values(leave=sentence))
