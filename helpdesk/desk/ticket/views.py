"""Views of a ticket, and the query that an agent logs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from helpdesk.desk.people.views import PersonView
from helpdesk.desk.sla.views import ClockView
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.level_stays import LevelStay
from helpdesk.domain.link_words import link_words
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.domain.references import HIDDEN_TICKET
from helpdesk.domain.ticket import Channel, Kind, LinkKind, State, Waiting
from helpdesk.domain.ticket_fields import ChosenFields


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFields:
    """The fields that a row of a list and a ticket share; see ``helpdesk.domain.ticket_fields``."""

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
    callback: str
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
    """One entry of a ticket's timeline; every change of a ticket has one.

    :ivar public: whether the requester sees it.
    :ivar data: further values by name (``to``, ``from``, ``reason``, ``tried``, ``known``,
        ``asked``, ``references``, ``article``, …), depending on the type.
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

    :ivar outward: True if this ticket is the duplicate, the child, … of the related one; False for
        the opposite direction.
    """

    kind: LinkKind
    outward: bool
    ref: str
    subject: str
    state: State

    @property
    def words(self) -> str:
        """What the related ticket is for this one."""
        return link_words(self.kind, outward=self.outward)


@dataclass(frozen=True, slots=True)
class ContractView:
    """The customer's contract.

    :ivar valid: whether it has begun and not ended.
    :ivar starts: the first day, as in the policy file; "" if there is no such limit.
    :ivar ends: the last day; "" if there is no such limit.
    """

    valid: bool
    starts: str
    ends: str
    levels: tuple[Level, ...]
    channels: tuple[Channel, ...]

    def lacks(self, ticket: "TicketView") -> tuple[str, ...]:
        """Return the level and the channel of a ticket that a valid contract does not include."""
        if not self.valid:
            return ()
        level = () if ticket.queue in self.levels else (str(ticket.queue),)
        channel = () if ticket.channel in self.channels else (str(ticket.channel),)
        return (*level, *channel)


@dataclass(frozen=True, slots=True)
class RecurrenceView:
    """The solved problem that recurs with a ticket, and the change that had fixed it, or "".

    The problem is "" if the acting agent may not see it.
    """

    problem: str
    change: str

    @property
    def sentence(self) -> str:
        """The sentence about it on the ticket."""
        fixed = f", fixed in change {self.change}" if self.change else ""
        return f"reappeared: {self.problem or HIDDEN_TICKET}{fixed}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView(TicketFields):
    """Everything known about one ticket.

    :ivar policy: the name of the SLA that applies, from version ``policy_version`` of the policy.
    :ivar at_breach: the policy's actions if the clock that is due next is breached.
    :ivar clocks: the SLA clocks.
    :ivar level_clock: the OLA clock of the ticket's queue.
    :ivar returns: how many of the ``hand_overs`` went to a lower level.
    :ivar stays: the time spent at each level.
    :ivar minutes: the working time recorded on the ticket; ``billable_minutes`` is a part of it.
    :ivar merged_into: the ticket that goes on, if this one was merged; "" if it was not, or if the
        acting agent may not see that ticket.
    :ivar further_requesters: others who asked the same, also in its duplicates.
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
    stays: tuple[LevelStay, ...]
    watchers: tuple[str, ...]
    events: tuple[EventView, ...]
    links: tuple[LinkView, ...]
    articles: tuple[str, ...]
    minutes: int
    billable_minutes: int
    further_requesters: tuple[PersonView, ...] = ()
    reappeared: RecurrenceView | None = None
    merged_into: str = ""

    @property
    def requester_wrote(self) -> bool:
        """Whether the requester has written since the last answer."""
        messages = (EntryType.REQUESTER_WROTE, EntryType.REPLIED)
        types = [event.type for event in self.events if event.type in messages]
        return types[-1:] == [EntryType.REQUESTER_WROTE]


@dataclass(frozen=True, slots=True)
class NewQuery(ChosenFields):
    """The input for a new ticket; only the subject is required.

    ``service``, ``customer`` and the other fields are names as the agent typed them.  Empty fields
    are filled in from the words of the query, the requester's last ticket or the desk's defaults.

    :ivar requester: a name, a mail address, a telephone number or a reference such as "P-12".
    :ivar new_person: whether a requester who is not known is a new person; None: if it is a mail
        address, or a whole name that is not nearly that of somebody else.
    :ivar callback: the number at which the requester waits for a call.
    :ivar queue: where it is logged; None: by :func:`helpdesk.domain.escalation.queue_of_new`.
    """

    subject: str
    body: str = ""
    requester: str = ""
    customer: str = ""
    service: str = ""
    channel: Channel = Channel.PHONE
    callback: str | None = None
    queue: Level | None = None
    new_person: bool | None = None


@dataclass(frozen=True, slots=True)
class QueryPreview:
    """How a ``NewQuery`` would be logged now."""

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
    queue: Level
