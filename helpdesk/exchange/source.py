"""What an export file of another program says of a ticket, in the desk's own words."""

from dataclasses import dataclass, field
from datetime import datetime

from helpdesk.domain.escalation import Level
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.ticket import Channel, Kind, State


class RowRefusedError(Exception):
    """A row cannot become a ticket; the text says why, in a part of a sentence.

    :ivar source_id: the ticket's id in the file, as far as it is known.
    """

    source_id = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """Something that was said; ``public``: the requester saw it, or said it themselves."""

    at: datetime
    author: str
    text: str
    public: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How the ticket stood from an instant on, for files that tell its states row by row."""

    at: datetime
    state: State
    group: str
    assignee: str
    hand_overs: int
    reopenings: int


@dataclass(frozen=True, slots=True)
class SourceTicket:
    """A ticket of another program.  Instants are aware UTC; "" and None: it is not told.

    :ivar line: where in the file it begins, from 1 on.
    :ivar group: the team that had it last, as the other program calls it; ``queue`` is the level
        that the mapping makes of it.
    :ivar sla_met: what the other program says about its resolution.
    :ivar standings: its states in the order of time, if the file tells them.
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
    standings: tuple[Standing, ...] = field(default=())
