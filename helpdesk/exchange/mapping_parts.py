"""The parts of a mapping: what the file says of the source, the fields, the words and comments."""

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from helpdesk.exchange.fields import FieldSpec
from helpdesk.exchange.words import NO_WORDS, WordTable

#: The fields of a ticket that a mapping can fill.
FIELDS = (
    "id", "subject", "body", "kind", "state", "waiting", "impact", "urgency", "priority", "group",
    "queue", "channel", "service", "customer", "requester", "requester_name", "requester_phone",
    "callback", "assignee", "created_at", "updated_at", "responded_at", "response_minutes",
    "resolved_at", "closed_at", "hand_overs", "reopenings", "csat", "sla_met", "response_met", "at",
)  # fmt: skip
#: The fields whose values a mapping can translate.
WORDS = (
    "kind", "state", "waiting", "impact", "urgency", "priority", "queue", "channel", "sla_met",
    "response_met", "csat", "sender",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CommentSpec:
    """Where comments are found; see the docstring of :mod:`helpdesk.exchange.mapping`.

    :ivar where: the list (JSON) or the column (CSV) of the comments.
    :ivar columns: whether it is a column.
    :ivar requester: the columns of the ticket that name its requester as authors are named.
    :ivar automatic: the authors that are no people.
    """

    where: str
    columns: bool
    at: str = ""
    author: str = ""
    text: str = ""
    subject: str = ""
    sender: str = ""
    public: str = ""
    internal: str = ""
    html: bool = False
    first_is_body: bool = False
    requester: tuple[str, ...] = ()
    automatic: WordTable = NO_WORDS


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """A valid mapping file.

    :ivar by_states: whether a row is a state of a ticket, not a ticket.
    :ivar where: the key of the list in a JSON file; "" if it is at the top.
    :ivar times: ``iso``, ``epoch``, ``local`` or strptime formats, tried in turn.
    :ivar dates: the order of day and month, ``day-first`` or ``month-first``; "" if it is not said.
    :ivar values: our values by field name.
    :ivar agents: our logins by the other program's agents.
    """

    name: str
    format: str
    by_states: bool
    where: str
    times: tuple[str, ...]
    dates: str
    zone: ZoneInfo
    missing: frozenset[str]
    encoding: str
    delimiter: str
    fields: Dict[str, FieldSpec]
    values: Dict[str, WordTable]
    agents: WordTable
    defaults: Dict[str, str]
    comments: CommentSpec | None = field(default=None)

    def words(self, name: str) -> WordTable:
        """Return the table of a field's words; an empty one if the mapping has none."""
        return self.values.get(name, NO_WORDS)
