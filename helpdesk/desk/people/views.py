"""Requesters and support levels as screens and commands show them."""

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
    """A support level at the time when it was read.

    :ivar ola_s: the target of the level's OLA in seconds, or None.
    :ivar hours: the name of the calendar in which somebody is on duty; "": always.
    :ivar requires: the parts of a hand-over note that are mandatory.
    :ivar members: the logins of the agents who serve it.
    :ivar online: the logins of those who have the app open.
    :ivar on_duty: whether somebody is on duty now.
    :ivar changes_at: when ``on_duty`` changes (UTC); None: never.
    :ivar open: how many active tickets are in its queue.
    :ivar unassigned: how many of them have no assignee.
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
