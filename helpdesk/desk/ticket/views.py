"""Views of one ticket, and of a query that is being logged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from helpdesk.desk.people.views import PersonView
from helpdesk.desk.sla.views import ClockView
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.level_stays import Stay
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.domain.ticket import Channel, Kind, LinkKind, State, Waiting
from helpdesk.domain.ticket_fields import ChosenFields


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFields:
    """The fields that lists and tickets have alike; see ``helpdesk.domain.ticket_fields``."""

    number: int
    ref: str
    version: int
    subject: str
    kind: Kind
    state: State
    waiting_on: Waiting | None
    queue: Level
    impact: Impact
    urgency: Urgency
    priority: Priority
    channel: Channel
    service: str
    customer: str
    assignee: str
    created_at: datetime
    updated_at: datetime
    hand_overs: int
    reopenings: int
    tags: tuple[str, ...]
    follow_up_at: datetime | None
    follow_up_due: bool


@dataclass(frozen=True, slots=True)
class EventView:
    """One entry of a ticket's timeline; nothing on a ticket changes without one.

    ``public`` entries were seen by the requester.  ``data`` holds the particulars by field name
    (``to``, ``from``, ``reason``, ``tried``, ``known``, ``asked``, ``references``, ``article``, …).
    """

    number: int
    at: datetime
    actor: str
    type: EntryType
    public: bool
    text: str
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class HandOverView:
    """The newest hand-over of a ticket."""

    at: datetime
    actor: str
    source: Level
    target: Level
    reason: str
    note: HandOver


@dataclass(frozen=True, slots=True)
class LinkView:
    """A related ticket.

    ``outward``: this ticket is the duplicate, the child, … of that one; else the other way round.
    """

    kind: LinkKind
    outward: bool
    ref: str
    subject: str
    state: State


@dataclass(frozen=True, slots=True)
class ContractView:
    """The customer's contract; a day that is "" is open.  ``valid``: begun and not ended now."""

    valid: bool
    starts: str
    ends: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class ReappearanceView:
    """The solved problem that came back with a ticket, and the change that had fixed it, or ""."""

    problem: str
    change: str

    @property
    def sentence(self) -> str:
        """What the ticket says of it."""
        return (
            f"reappeared: {self.problem}{f', fixed in change {self.change}' if self.change else ''}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView(TicketFields):
    """Everything known about one ticket.

    ``clocks`` are what the customer was promised, by the SLA ``policy`` of the version
    ``policy_version``; ``level_clock`` is the OLA of its queue.  ``at_breach`` is what the policy
    does when the clock that is due next is breached.  ``further_requesters`` asked the same
    later, by duplicates of it.  ``stays`` is the time
    at each level, ``returns`` how many of the ``hand_overs`` went down.
    """

    body: str
    waiting_until: datetime | None
    requester: PersonView | None
    resolved_at: datetime | None
    closed_at: datetime | None
    with_lead_since: datetime | None
    policy: str
    policy_version: int
    support_hours: str
    contract: ContractView | None
    at_breach: tuple[str, ...]
    clocks: tuple[ClockView, ...]
    level_clock: ClockView | None
    hand_over: HandOverView | None
    returns: int
    csat: int | None
    stays: tuple[Stay, ...]
    watchers: tuple[str, ...]
    events: tuple[EventView, ...]
    links: tuple[LinkView, ...]
    articles: tuple[str, ...]
    minutes: int
    billable_minutes: int
    further_requesters: tuple[PersonView, ...] = ()
    reappeared: ReappearanceView | None = None


@dataclass(frozen=True, slots=True)
class Query(ChosenFields):
    """What an agent typed into the log form; only the subject is needed.

    ``service``, ``customer`` and the rest are names as the person wrote them; empty means "fill
    it in": from the requester's last ticket, then from words, then the desk's default.
    """

    subject: str
    body: str = ""
    requester: str = ""
    customer: str = ""
    service: str = ""
    channel: Channel = Channel.PHONE


@dataclass(frozen=True, slots=True)
class QueryPreview:
    """What logging a :class:`Query` now would make of it."""

    requester: str
    customer: str
    support_hours: str
    service: str
    kind: Kind
    impact: Impact
    urgency: Urgency
    priority: Priority
    policy: str
    respond_by: datetime | None
    resolve_by: datetime | None
