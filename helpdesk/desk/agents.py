"""The desk's agents: who works here, at which levels, in which role."""

import re
from collections.abc import Iterable

from helpdesk.desk.session import Desk, agent_view
from helpdesk.desk.views import AgentView
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Right, Role
from helpdesk.domain.text import one_line
from helpdesk.store import people

# As Debian's adduser: a login never looks like an option, a path or a command.
_LOGIN = re.compile(r"[a-z_][a-z0-9_.-]{0,31}")


def list_agents(desk: Desk) -> tuple[AgentView, ...]:
    """Return all agents by login, the disabled ones too."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        levels = people.levels(session)
        return tuple(
            agent_view(agent, levels.get(agent.id, ())) for agent in people.agents(session)
        )


def add(
    desk: Desk, login: str, levels: Iterable[Level], role: Role = Role.AGENT, name: str = ""
) -> AgentView:
    """Add an agent.

    :raises RefusedError: if the login is malformed or taken.
    """
    desk.require(Right.MANAGE_AGENTS)
    if not _LOGIN.fullmatch(login):
        raise RefusedError(
            f"{one_line(login)[:40]!r} is no login: use up to 32 lower-case letters, digits, "
            "'.', '_' or '-', beginning with a letter."
        )
    wanted = tuple(sorted(set(levels)))
    with desk.database.write() as session:
        added = people.add_agent(session, login, one_line(name)[:200], role, wanted, desk.now())
        return agent_view(added, wanted)
