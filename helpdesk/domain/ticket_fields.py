"""The fields of a ticket, each described once.

The list columns, the query language, the log form, the dialog that sets fields, the command line,
JSON, exports, reports and undo read this table.  A new plain field needs a column (the model and a
migration), an attribute of the classes in ``helpdesk.desk.ticket.views`` and an entry here; to
group reports by it, a word in ``helpdesk.report.by``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Any

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.domain.text import accept, accept_subject
from helpdesk.domain.ticket import Channel, Kind, State, Waiting


class FieldType(Enum):
    """What the values of a field are."""

    CHOICE = auto()  # a word of an enumeration
    TEXT = auto()  # a line of text
    NAME = auto()  # the name of a row to which the ticket refers
    TAGS = auto()
    NUMBER = auto()
    TIME = auto()


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of ticket lists: the name to choose it by, its heading, its width in cells."""

    name: str
    head: str
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketField:
    """A field of a ticket and where it can be used.

    :ivar name: the attribute of the model (but see ``attribute``) and of the views, the key in
        JSON and exports, the long option of the command line.
    :ivar label: the name on screen.
    :ivar choices: the words of a field of type ``CHOICE``.
    :ivar limit: the most characters that a field of type ``TEXT`` may have.
    :ivar query: the name in queries; "" if it cannot be filtered by.
    :ivar meaning: what a query can ask of it, in a few words.
    :ivar group: the name by which reports group by it; "" if they do not.
    :ivar column: the column that lists can show.
    :ivar can_log: whether it can be given when a query is logged.
    :ivar can_set: whether it can be set on a ticket.
    :ivar can_sort: whether a query can sort by it, under the name ``query``.
    :ivar in_json: whether it is in the JSON of lists and tickets; those without it that are in the
        JSON all the same have a form of their own there.
    :ivar in_export: whether exports have it.
    :ivar in_facts: whether it stands by itself among the facts that are shown of a ticket.
    """

    name: str
    label: str
    field_type: FieldType
    choices: type[StrEnum] | None = None
    limit: int = 200
    query: str = ""
    meaning: str = ""
    group: str = ""
    column: ListColumn | None = None
    can_log: bool = False
    can_set: bool = False
    can_sort: bool = False
    in_json: bool = True
    in_export: bool = True
    in_facts: bool = False

    @property
    def is_stored(self) -> bool:
        """Whether its value is in the ticket's own row."""
        return self.field_type not in (FieldType.NAME, FieldType.TAGS)

    @property
    def attribute(self) -> str:
        """The attribute of the model: of a ``NAME`` that of the row number."""
        return f"{self.name}_id" if self.field_type is FieldType.NAME else self.name

    def accept(self, value: str) -> str:
        """Return the value of a ``TEXT`` or ``CHOICE`` as it is stored.

        :raises RefusedError: if it is too long, none of the choices, or an empty subject.
        """
        if self.choices is not None:
            return self.choices(value)
        if self.name == "subject":
            return accept_subject(value)
        line = " ".join(accept(value, self.name).split())
        if len(line) > self.limit:
            raise RefusedError(
                f"the {self.name} has {len(line):,} characters; at most {self.limit} are kept."
            )
        return line


#: Every field, in the order of the JSON.
TICKET_FIELDS = (
    TicketField(
        name="subject", label="Subject", field_type=FieldType.TEXT, can_log=True, can_set=True,
    ),
    TicketField(
        name="kind", label="Kind", field_type=FieldType.CHOICE, choices=Kind,
        query="kind", meaning="incident, request, problem, change", group="kind",
        column=ListColumn("kind", "Kind", 9), can_log=True, can_set=True,
    ),
    TicketField(
        name="state", label="State", field_type=FieldType.CHOICE, choices=State,
        query="state", meaning="new, open, pending …; active (the default), done, any",
        column=ListColumn("state", "State", 9),
    ),
    TicketField(
        name="waiting_on", label="Waiting", field_type=FieldType.CHOICE, choices=Waiting,
        query="waiting", meaning="for whom or what",
    ),
    TicketField(
        name="queue", label="Queue", field_type=FieldType.CHOICE, choices=Level,
        query="queue", meaning="a level", group="level", column=ListColumn("queue", "Q", 3),
    ),
    TicketField(
        name="priority", label="Priority", field_type=FieldType.CHOICE, choices=Priority,
        query="priority", meaning="P1 to P4", group="priority",
        column=ListColumn("priority", "P", 3), can_sort=True,
    ),
    TicketField(
        name="impact", label="Impact", field_type=FieldType.CHOICE, choices=Impact,
        query="impact", meaning="high, medium, low", can_log=True, can_set=True,
    ),
    TicketField(
        name="urgency", label="Urgency", field_type=FieldType.CHOICE, choices=Urgency,
        query="urgency", meaning="high, medium, low", can_log=True, can_set=True,
    ),
    TicketField(
        name="requester", label="Requester", field_type=FieldType.NAME,
        query="requester", meaning="mail address or name, or how one begins; none",
        can_log=True, can_set=True, in_json=False,
    ),
    TicketField(
        name="service", label="Service", field_type=FieldType.NAME,
        query="service", meaning="a service, or none", group="service",
        column=ListColumn("service", "Service", 13), can_log=True, can_set=True,
    ),
    TicketField(
        name="customer", label="Customer", field_type=FieldType.NAME,
        query="customer", meaning="a customer, or none", group="customer",
        column=ListColumn("customer", "Customer", 20), can_log=True, can_set=True,
    ),
    TicketField(
        name="assignee", label="Assignee", field_type=FieldType.NAME,
        query="assignee", meaning="a login, me or none", group="agent",
        column=ListColumn("who", "Who", 8),
    ),
    TicketField(
        name="channel", label="Channel", field_type=FieldType.CHOICE, choices=Channel,
        query="channel", meaning="how it came", group="channel",
        column=ListColumn("channel", "Channel", 9), can_log=True, in_facts=True,
    ),
    TicketField(
        name="tags", label="Tags", field_type=FieldType.TAGS,
        query="tag", meaning="a tag, or none", column=ListColumn("tags", "Tags", 16),
        in_export=False,
    ),
    TicketField(
        name="created_at", label="Logged", field_type=FieldType.TIME,
        query="created", meaning="created>2d: more than two days ago; or a date",
        column=ListColumn("created", "Logged", 14), can_sort=True,
    ),
    TicketField(
        name="updated_at", label="Changed", field_type=FieldType.TIME,
        query="updated", meaning="updated<1h: within the last hour; or a date",
        column=ListColumn("updated", "Changed", 14), can_sort=True,
    ),
    TicketField(
        name="resolved_at", label="Resolved", field_type=FieldType.TIME,
        query="resolved", meaning="resolved<1d: within the last day; or a date", in_json=False,
    ),
    TicketField(name="closed_at", label="Closed", field_type=FieldType.TIME, in_json=False),
    TicketField(
        name="hand_overs", label="Hand-overs", field_type=FieldType.NUMBER,
        query="handovers", meaning="how often it was handed over", can_sort=True,
    ),
    TicketField(
        name="reopenings", label="Reopenings", field_type=FieldType.NUMBER,
        query="reopened", meaning="how often it was reopened", can_sort=True,
    ),
    TicketField(
        name="follow_up_at", label="Follow-up", field_type=FieldType.TIME, in_export=False,
    ),
    TicketField(name="csat", label="CSAT", field_type=FieldType.NUMBER, in_json=False),
)  # fmt: skip

#: Those of lists and tickets whose values are in the ticket's own row.
IN_ROW = tuple(field for field in TICKET_FIELDS if field.in_json and field.is_stored)
LOGGED = tuple(field for field in TICKET_FIELDS if field.can_log)
SETTABLE = tuple(field for field in TICKET_FIELDS if field.can_set)
#: Those by which reports group tickets.
GROUPED = tuple(field for field in TICKET_FIELDS if field.group)
#: Those that stand by themselves among the facts that are shown of a ticket.
FACTS = tuple(field for field in TICKET_FIELDS if field.in_facts)


def in_order(names: Iterable[str], *first: str) -> tuple[str, ...]:
    """Return these names, beginning with those of ``first`` that are among them."""
    every = dict.fromkeys(names)
    return tuple(dict.fromkeys((*(name for name in first if name in every), *every)))


def fields_in_order(fields: Iterable[TicketField], *first: str) -> tuple[TicketField, ...]:
    """Return these fields, beginning with those of the names in ``first``."""
    by_name = {field.name: field for field in fields}
    return tuple(by_name[name] for name in in_order(by_name, *first))


def values_of(source: object, fields: Iterable[TicketField]) -> dict[str, Any]:
    """Return the values of these fields, which an object has as attributes."""
    return {field.name: getattr(source, field.name) for field in fields}


def given_values(source: object, fields: Iterable[TicketField]) -> dict[str, Any]:
    """Return the values of these fields as :func:`values_of` does, without those that are None."""
    return {name: value for name, value in values_of(source, fields).items() if value is not None}


def accepted_values(source: object, fields: Iterable[TicketField]) -> dict[str, Any]:
    """Return the given values of these ``TEXT`` and ``CHOICE`` fields as they are stored.

    :raises RefusedError: as :meth:`TicketField.accept`.
    """
    by_name = {field.name: field for field in fields}
    given = given_values(source, by_name.values())
    return {name: by_name[name].accept(value) for name, value in given.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenFields:
    """The fields that may be left open when a query is logged or a ticket is changed."""

    kind: Kind | None = None
    impact: Impact | None = None
    urgency: Urgency | None = None
