"""Queries about the support levels: who serves them.

Only the roles that work on tickets serve levels.  An editor or auditor for whom levels are stored
serves none of them.
"""

from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import WORKING_ROLES
from helpdesk.store.database import visibility
from helpdesk.store.models import Agent, AgentLevel

_SERVES = Agent.role.in_(sorted(WORKING_ROLES))
_MEMBERS = (
    select(Agent.id, Agent.login)
    .join(AgentLevel, AgentLevel.agent_id == Agent.id)
    .where(AgentLevel.level == bindparam("level"), Agent.active, _SERVES)
    .order_by(Agent.login)
)


def members(session: Session, level: Level, customer_id: int | None = None) -> dict[int, str]:
    """Return the logins of the active agents who serve a level, by id, in order of login.

    :param customer_id: only those who may see the tickets of this customer.
    """
    named = visibility.confidants(session, customer_id)
    rows = session.execute(_MEMBERS, {"level": level})
    return {row.id: row.login for row in rows if not named or row.login in named}


def levels_of(session: Session, agent_id: int) -> tuple[Level, ...]:
    """Return the levels an agent serves, lowest first; they may be disabled."""
    return levels_by_agent(session, agent_id).get(agent_id, ())


def levels_by_agent(session: Session, agent_id: int | None = None) -> dict[int, tuple[Level, ...]]:
    """Return the levels that every agent serves, or one agent, by agent id.

    Agents who serve none are left out; disabled agents are included.
    """
    statement = (
        select(AgentLevel.agent_id, AgentLevel.level)
        .join(Agent, Agent.id == AgentLevel.agent_id)
        .where(_SERVES)
    )
    if agent_id is not None:
        statement = statement.where(AgentLevel.agent_id == agent_id)
    found: dict[int, list[Level]] = {}
    for number, level in session.execute(statement):
        found.setdefault(number, []).append(level)
    return {number: tuple(sorted(levels)) for number, levels in found.items()}


def set_levels(session: Session, agent_id: int, levels: Iterable[Level]) -> None:
    """Make an agent serve exactly these levels."""
    missing = set(levels)
    for row in session.scalars(select(AgentLevel).where(AgentLevel.agent_id == agent_id)):
        if row.level not in missing:
            session.delete(row)
        missing.discard(row.level)
    session.add_all(AgentLevel(agent_id=agent_id, level=level) for level in missing)
    session.flush()
