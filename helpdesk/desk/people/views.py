"""Views of requesters and of the levels that agents serve."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.escalation import HandOverPart, Level


@dataclass(frozen=True, slots=True)
class PersonView:
    """The requester of a ticket."""

    mail: str
    name: str
    customer: str


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
