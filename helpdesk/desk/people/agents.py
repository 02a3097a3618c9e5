"""List, add and change the agents of the desk: their levels, roles and names."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from helpdesk.desk.agent_view import AgentView
from helpdesk.desk.seen_version import CurrentVersion, require_seen
from helpdesk.desk.session import OWNER, Desk, agent_view
from helpdesk.desk.ssh import connections, keys
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.i18n import _
from helpdesk.domain.roles import WORKING_ROLES, Right, Role
from helpdesk.domain.text import one_line
from helpdesk.ssh.forced_command import LOGIN
from helpdesk.store.models import Agent
from helpdesk.store.people import people, serving


@dataclass(frozen=True, slots=True)
class AgentChanges:
    """The changes to make to an agent; None leaves a value as it is."""

    levels: tuple[Level, ...] | None = None
    role: Role | None = None
    name: str | None = None
    active: bool | None = None


def list_agents(desk: Desk) -> tuple[AgentView, ...]:
    """Return all agents by login, including disabled ones."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        levels = serving.levels_by_agent(session)
        return tuple(
            agent_view(agent, levels.get(agent.id, ())) for agent in people.agents(session)
        )


def add(
    desk: Desk, login: str, levels: Iterable[Level], role: Role = Role.AGENT, name: str = ""
) -> AgentView:
    """Add an agent.

    :param levels: the levels that the agent serves; ignored for a role that serves none.
    :raises NotPermittedError: if the role of the acting agent does not allow it.
    :raises RefusedError: if the login is malformed or taken.
    """
    desk.require(Right.MANAGE_AGENTS)
    if not LOGIN.fullmatch(login):
        raise RefusedError(
            f"{one_line(login)[:40]!r} is no login: use up to 32 lower-case letters, digits, "
            "'.', '_' or '-', beginning with a letter."
        )
    served = tuple(sorted(set(levels))) if role in WORKING_ROLES else ()
    with desk.database.write() as session:
        added = people.add_agent(session, login, one_line(name)[:200], role, served, desk.now())
        return agent_view(added, served)


def change(desk: Desk, login: str, wanted: AgentChanges, version: int | None = None) -> AgentView:
    """Change an agent's levels, role or name, or enable or disable them.

    The SSH connections of a disabled agent are asked to end.

    :param version: the version of the agent that the person has seen; None: any.
    :raises NotFoundError: if there is no such agent.
    :raises ConflictError: if somebody has changed the agent since that version.
    :raises RefusedError: if nothing is to change, the owner would no longer be administrator, or
        the agent's new role serves levels and none is named.
    """
    desk.require(Right.MANAGE_AGENTS)
    if wanted == AgentChanges():
        raise RefusedError("nothing was named to change: name --level, --role or --name.")
    with desk.database.write() as session:
        agent = people.known_agent(session, login)
        what, look = f"the agent {login}", "helpdesk agent list"
        require_seen(
            version, CurrentVersion(what, agent.version, agent.changed_by, agent.changed_at, look)
        )
        agent.version += 1
        agent.changed_at, agent.changed_by = desk.now(), desk.login
        if wanted.name is not None:
            agent.name = one_line(wanted.name)[:200] or login
        if wanted.role is not None:
            agent.role = wanted.role
        if wanted.active is not None:
            agent.active = wanted.active
        session.flush()
        _change_levels(session, agent, wanted)
        _require_administrator(session, agent)
        if not agent.active:
            connections.end_agent_connections(session, agent)
        if wanted.active is not None:
            keys.update_file(desk, session, agent.id)
        return agent_view(agent, serving.levels_of(session, agent.id))


def _change_levels(session: Session, agent: Agent, wanted: AgentChanges) -> None:
    """Set the levels.

    A role that does not work on tickets serves none; those that the agent had are kept, for the
    case that they work on tickets again.
    """
    if agent.role not in WORKING_ROLES:
        return
    if wanted.levels is not None:
        serving.set_levels(session, agent.id, wanted.levels)
    elif wanted.role is not None and not serving.levels_of(session, agent.id):
        raise RefusedError(
            _("{login} is not changed: name the levels they serve as {role} (--level).").format(
                login=agent.login, role=agent.role
            )
        )


def _require_administrator(session: Session, agent: Agent) -> None:
    can_administer = agent.active and agent.role is Role.ADMIN
    if agent.login == people.desk_setting(session, OWNER) and not can_administer:
        raise RefusedError(
            f"{agent.login} owns the desk and stays its administrator: nothing was changed."
        )
