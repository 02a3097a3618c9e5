"""A ticket of another program, with its values translated into those of this one."""

from dataclasses import dataclass, field
from datetime import datetime

from helpdesk.domain.escalation import Level
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.ticket import Channel, Kind, State


class RowRefusedError(Exception):
    """A row cannot be imported; the text says why, as a part of a sentence.

    :ivar source_id: the ticket's id in the file; "" if it is not known.
    """

    source_id = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment; ``public`` if the requester saw or wrote it.  ``at`` is in UTC."""

    at: datetime
    author: str
    text: str
    public: bool


@dataclass(frozen=True, slots=True)
class StateChange:
    """The state of a ticket from a time (UTC) on, in files with one row per state."""

    at: datetime
    state: State
    group: str
    assignee: str
    hand_overs: int
    reopenings: int


@dataclass(frozen=True, slots=True)
class SourceTicket:
    """A ticket of another program.  Times are in UTC; "" and None mean not known.

    :ivar line: the line of the file on which it begins, from 1.
    :ivar group: the last team that had it, by its name in the other program; ``queue`` is the level
        that the mapping gives to this team.
    :ivar requester: a mail address, with or without a name, or a name alone, or "".
    :ivar sla_met: whether it was resolved in time, according to the other program.
    :ivar state_changes: its states in the order of time, if the file contains them.
    """

    line: int
    source_id: str
    subject: str
    body: str
    kind: Kind | None
    state: State
    impact: Impact
    urgency: Urgency
    queue: Level
    group: str
    channel: Channel
    service: str
    customer: str
    requester: str
    assignee: str
    created_at: datetime
    updated_at: datetime
    responded_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    hand_overs: int
    reopenings: int
    csat: int | None
    sla_met: bool | None
    comments: tuple[Comment, ...] = ()
    state_changes: tuple[StateChange, ...] = field(default=())
    requester_phone: str = ""
    callback: str = ""
