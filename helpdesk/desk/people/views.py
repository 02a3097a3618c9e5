"""Views of agents and of the levels that they serve."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.escalation import HandOverPart, Level
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
        """The queue of the first level; None, for one's own tickets, if there is no level."""
        return self.levels[0] if self.levels else None


@dataclass(frozen=True, slots=True)
class LevelView:
    """A support level as it stands.

    ``hours`` is the calendar in which somebody is on duty, "" for always; ``on_duty`` whether that
    is so now, until ``changes_at`` (None: for ever).  ``members`` are the logins of those who serve
    it, ``online`` of those among them who have the app open.
    """

    level: Level
    name: str
    ola_s: int | None
    hours: str
    requires: tuple[HandOverPart, ...]
    vendor: str
    vendor_contact: str
    members: tuple[str, ...]
    online: tuple[str, ...]
    on_duty: bool
    changes_at: datetime | None
    open: int
    unassigned: int
