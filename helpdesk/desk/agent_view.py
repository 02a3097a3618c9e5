"""The view of an agent."""

from dataclasses import dataclass

from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Role


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
        """The queue that the app shows first; None, for their own tickets, without a level."""
        return self.levels[0] if self.levels else None
