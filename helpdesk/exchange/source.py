"""A ticket of another program, with its values translated into those of this one."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from helpdesk.domain.escalation import Level
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.ticket import Channel, Kind, State, Waiting


class RowRefusedError(Exception):
    """A row cannot be imported; the text says why, as a part of a sentence."""


class Sender(StrEnum):
    """Who wrote a comment."""

    REQUESTER = "requester"
    AGENT = "agent"
    AUTOMATIC = "automatic"
    """A machine, such as an automatic reply: no answer of a person."""
    UNKNOWN = "unknown"
    """Somebody who is not the requester, as far as the file tells."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment; ``public`` if the requester saw or wrote it.  ``at`` is in UTC."""

    at: datetime
    author: str
    text: str
    public: bool
    sender: Sender = Sender.UNKNOWN


@dataclass(frozen=True, slots=True)
class StateChange:
    """The state of a ticket from a time (UTC) on, in files with one row per state.

    :ivar queue: the level that had it.
    :ivar waiting: whom or what it waits for, if it is pending.
    :ivar waiting_word: why it waits, in the words of the other program.
    :ivar hand_overs: how many hand-overs the file counts until then; None: it counts none.
    :ivar reopenings: how many reopenings the file counts until then; None: it counts none.
    """

    at: datetime
    state: State
    group: str
    queue: Level
    assignee: str
    waiting: Waiting
    waiting_word: str
    hand_overs: int | None
    reopenings: int | None


@dataclass(frozen=True, slots=True)
class SourceTicket:
    """A ticket of another program.  Times are in UTC; "" and None mean not known.

    :ivar line: the line of the file on which it begins, from 1.
    :ivar group: the last team that had it, by its name in the other program.
    :ivar queue: the level that has it, from its own column or by the team.
    :ivar queue_known: whether the mapping says which level that is; else it is the default.
    :ivar waiting: whom or what it waits for, if it is pending.
    :ivar waiting_word: why it waits, in the words of the other program.
    :ivar response_met: whether it was answered in time, according to the other program.
    :ivar notes: what is odd about its values, as sentences without a full stop.
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
    queue_known: bool
    group: str
    channel: Channel
    waiting: Waiting
    waiting_word: str
    service: str
    customer: str
    requester: str
    assignee: str
    created_at: datetime
    updated_at: datetime
    responded_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    hand_overs: int | None
    reopenings: int | None
    csat: int | None
    sla_met: bool | None
    response_met: bool | None = None
    comments: tuple[Comment, ...] = ()
    state_changes: tuple[StateChange, ...] = field(default=())
    requester_phone: str = ""
    callback: str = ""
    notes: tuple[str, ...] = ()
