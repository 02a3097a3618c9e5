"""What the desk hands out: plain frozen facts, with no database behind them.

All instants are aware UTC datetimes in whole seconds; durations are seconds.  Text is as it was
stored: whoever shows it passes it through :func:`helpdesk.domain.text.inert`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from helpdesk.domain.escalation import HandOver, HandOverPart, Level
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.domain.roles import Role
from helpdesk.domain.sla.clock import ClockState
from helpdesk.domain.support_hours.calendar import SupportCalendar
from helpdesk.domain.ticket import Channel, Kind, LinkKind, State, Waiting
from helpdesk.domain.tiers import Stay


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
class ClockView:
    """One SLA target on one ticket, as it stood when the view was made.

    ``name`` is a ``ClockName``.  ``due_at`` is None while paused.  ``remaining_s`` is support time
    left at ``read_at`` (negative after a breach).  ``open`` tells whether it still promises
    something; a clock that is not keeps its figures.  For a screen that stays up,
    :func:`helpdesk.domain.sla.countdown.countdown` says what is left later on.
    """

    name: str
    target_s: int
    due_at: datetime | None
    warn_at: datetime | None
    remaining_s: int
    state: ClockState
    met_at: datetime | None
    breached_at: datetime | None
    open: bool
    calendar: SupportCalendar
    read_at: datetime


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenFields:
    """The fields that may be left open when a query is logged or a ticket is changed."""

    kind: Kind | None = None
    impact: Impact | None = None
    urgency: Urgency | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow(TicketFields):
    """One line of a queue; ``clock`` is the one of ``clocks`` that is due next.

    ``duplicate_of`` is the ticket that it follows, ``reappeared`` the solved problem that came back
    with it; "" if there is none.
    """

    requester: str
    requester_name: str
    with_lead: bool
    duplicate_of: str
    reappeared: str
    clocks: tuple[ClockView, ...]
    clock: ClockView | None


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A stretch of a queue: ``rows`` are number ``offset`` … of ``total``, due first."""

    rows: tuple[QueueRow, ...]
    offset: int
    total: int


@dataclass(frozen=True, slots=True)
class Glance:
    """What the app shows first: the top of the queue in which the agent begins."""

    agent: AgentView
    page: QueuePage


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How a queue stands at an instant."""

    open: int = 0
    unassigned: int = 0
    warning: int = 0
    breached: int = 0


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """The figures of the header; ``names`` is how the policy calls the levels.

    ``unread`` is how many notices wait in the acting agent's inbox.
    """

    queues: Mapping[Level, QueueCount]
    mine: QueueCount
    next_breach_at: datetime | None
    names: Mapping[Level, str] = field(default_factory=dict)
    unread: int = 0


@dataclass(frozen=True, slots=True)
class PersonView:
    """The requester of a ticket."""

    mail: str
    name: str
    customer: str


@dataclass(frozen=True, slots=True)
class EventView:
    """One entry of a ticket's timeline; nothing on a ticket changes without one.

    ``type`` is one of: logged, claimed, released, assigned, replied, noted, escalated, returned,
    pended, resumed, resolved, rated, reopened, closed, merged, follows, joined, linked, reappeared,
    changed, tagged, unlinked, split, spent, undone, ticked, unticked, warned, breached,
    escalated_to_lead, lead_done, recomputed, requester_wrote, follow_up, follow_up_due.  ``public``
    entries were seen by the requester.  ``data`` holds the particulars by field name (``to``,
    ``from``, ``reason``, ``tried``, ``known``, ``asked``, ``references``, ``article``, …).
    """

    number: int
    at: datetime
    actor: str
    type: str
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


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A search hit with what the desk knows about its use; ``active``: a ticket that is open."""

    kind: str
    id: str
    title: str
    score: float
    repeat: bool
    why: tuple[str, ...]
    snippet: str
    note: str
    active: bool = False


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Hits, best first, and the words the search put in place of unknown ones."""

    hits: tuple[Suggestion, ...]
    corrected: tuple[str, ...]
    ms: float


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article of the knowledge base, whole."""

    path: str
    title: str
    kind: str
    status: str
    owner: str
    service: str
    tags: tuple[str, ...]
    aliases: tuple[str, ...]
    reviewed: str
    body: str
    answer: str
    times_used: int


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """A line of the knowledge base's list; ``error`` names what is wrong with a broken file,
    ``stale`` tells that its review is overdue."""

    path: str
    title: str
    kind: str
    status: str
    owner: str
    reviewed: str
    times_used: int
    error: str = ""
    stale: bool = False


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


@dataclass(frozen=True, slots=True)
class HandOverTarget:
    """A level to which a ticket can be escalated.

    ``skipped`` are the levels that it passes over then; ``bought``: the customer's contract has it.
    """

    level: LevelView
    skipped: tuple[Level, ...]
    bought: bool


@dataclass(frozen=True, slots=True)
class HandOverDraft:
    """The escalation dialog's contents before anybody typed: taken from the timeline.

    ``targets`` begins with the level to which the policy leads.
    """

    targets: tuple[HandOverTarget, ...]
    reasons: tuple[str, ...]
    note: HandOver
