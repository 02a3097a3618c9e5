"""Queries about the public keys of agents."""

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from helpdesk.store.models import Agent, AgentKey


def holder(session: Session, fingerprint: str) -> Agent | None:
    """Return the agent whose key has this fingerprint, or None."""
    statement = select(Agent).join(AgentKey, AgentKey.agent_id == Agent.id)
    return session.scalar(statement.where(AgentKey.fingerprint == fingerprint))


def keys(session: Session, agent_id: int | None = None) -> list[Row[AgentKey, Agent]]:
    """Return the keys of all agents or of one, each with its agent, by login and age."""
    statement = select(AgentKey, Agent).join(Agent, Agent.id == AgentKey.agent_id)
    if agent_id is not None:
        statement = statement.where(AgentKey.agent_id == agent_id)
    return list(
        session.execute(statement.order_by(Agent.login, AgentKey.added_at, AgentKey.fingerprint))
    )
