"""The agents of this desk by the names that a file uses, and what they may have."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Right, Role, has_right
from helpdesk.exchange.mapping_parts import ImportMapping
from helpdesk.exchange.words import WordTable
from helpdesk.store.database import visibility
from helpdesk.store.people import people, serving


@dataclass(frozen=True, slots=True)
class _Known:
    number: int
    login: str
    role: Role
    levels: frozenset[Level]
    is_active: bool


class ImportAgents:
    """Finds agents by casefolded names and logins, and by the names that the mapping translates."""

    def __init__(self, session: Session, mapping: ImportMapping) -> None:
        """Read the agents of the desk.

        :raises RefusedError: if the mapping names an agent who is not on this desk.
        """
        self._session = session
        self._by_name: dict[str, tuple[int, str]] = {}
        self._known: dict[int, _Known] = {}
        served = serving.levels_by_agent(session)
        for agent in people.agents(session):
            levels = frozenset(served.get(agent.id, ()))
            self._known[agent.id] = _Known(agent.id, agent.login, agent.role, levels, agent.active)
            self._by_name.setdefault(agent.name.casefold(), (agent.id, agent.login))
        by_login = {one.login: (one.number, one.login) for one in self._known.values()}
        self._by_name.update({login.casefold(): own for login, own in by_login.items()})
        for login in mapping.agents.ours():
            if login not in by_login:
                raise RefusedError(
                    f"the mapping names the agent {login!r}, who is not on this desk: "
                    "add them first (helpdesk agent add)."
                )
        self._table: WordTable = mapping.agents
        self._by_login = by_login

    def find(self, name: str) -> tuple[int, str] | None:
        """Return the row number and login of an agent; None if nobody is called so."""
        if not name:
            return None
        login = self._table.find(name)
        return self._by_login[login] if login else self._by_name.get(name.casefold())

    def may_have(self, number: int, queue: Level, customer_id: int | None) -> bool:
        """Whether an agent may work on an open ticket of a queue and a customer."""
        agent = self._known[number]
        if not agent.is_active or not has_right(agent.role, Right.WORK):
            return False
        if queue not in agent.levels and not has_right(agent.role, Right.ANY_LEVEL):
            return False
        named = visibility.confidants(self._session, customer_id)
        return not named or agent.login in named
