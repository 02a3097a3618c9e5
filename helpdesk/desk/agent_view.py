"""The view of an agent."""

from dataclasses import dataclass

from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import WORKING_ROLES, Role


@dataclass(frozen=True, slots=True)
class AgentView:
    """An agent of this desk."""

    login: str
    name: str
    role: Role
    levels: tuple[Level, ...]
    active: bool
    version: int = 1

    @property
    def home(self) -> Level | None:
        """The queue that the app shows first; None: their own tickets.

        That is the lowest level they serve.  Without a level it is their own tickets, or L1 for
        roles that have none.
        """
        if self.levels:
            return self.levels[0]
        return None if self.role in WORKING_ROLES else Level.L1
