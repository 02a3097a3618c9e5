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
    """The type of a field's values."""

    CHOICE = auto()  # a member of an enumeration
    TEXT = auto()  # one line of text
    NAME = auto()  # the name of a row in another table, such as a customer
    TAGS = auto()
    NUMBER = auto()
    TIME = auto()


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of ticket lists: the name by which it is chosen, its heading, its width in cells."""

    name: str
    head: str
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketField:
    """A field of a ticket and where it can be used.

    :ivar name: the attribute of the model (but see ``attribute``) and of the views, the key in
        JSON and exports, and the long option of the command line.
    :ivar label: the name on screen.
    :ivar choices: the enumeration of a field of type ``CHOICE``.
    :ivar limit: the most characters of a field of type ``TEXT``.
    :ivar query: the name in queries; "" if tickets cannot be filtered by it.
    :ivar meaning: the values that a query accepts, in a few words, for help texts.
    :ivar group: the name in ``--by`` of reports; "" if reports cannot group by it.
    :ivar column: the column of ticket lists; None if there is none.
    :ivar can_log: whether it can be given when a ticket is logged.
    :ivar can_set: whether it can be changed on an existing ticket.
    :ivar can_sort: whether a query can sort by it, under the name ``query``.
    :ivar in_json: whether the JSON of lists and tickets has it in the common form.  Some other
        fields are in the JSON too, each in a form of its own.
    :ivar in_export: whether exports have it.
    :ivar in_facts: whether the facts beside a ticket show it on a line of its own.
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
        """Whether its value is a column of the ticket's own row."""
        return self.field_type not in (FieldType.NAME, FieldType.TAGS)

    @property
    def attribute(self) -> str:
        """The attribute of the model; for type ``NAME`` the foreign key (``customer_id``)."""
        return f"{self.name}_id" if self.field_type is FieldType.NAME else self.name

    def accept(self, value: str) -> str:
        """Return the value of a ``TEXT`` or ``CHOICE`` field as it is stored.

        :raises RefusedError: if it is too long or an empty subject.
        :raises ValueError: if it is not one of the choices.
        """
        if self.choices is not None:
            return self.choices(value)
        if self.name == "subject":
            return accept_subject(value)
        line = " ".join(accept(value, self.name).split())
        if len(line) > self.limit:
            raise RefusedError(
                f"the {self.name} has {len(line):,} characters; at most {self.limit} are allowed."
            )
        return line


#: Every field, in the order of the JSON documents.
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
        can_log=True,
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
        name="callback", label="Call back", field_type=FieldType.TEXT, limit=100,
        query="callback", meaning="the number to call back, or a part of it; none",
        can_log=True, can_set=True, in_facts=True,
    ),
    TicketField(
        name="tags", label="Tags", field_type=FieldType.TAGS,
        query="tag", meaning="a tag, or none", column=ListColumn("tags", "Tags", 16),
        in_export=False,
    ),
    TicketField(
        name="created_at", label="Logged", field_type=FieldType.TIME,
        query="created", meaning="created>2d: more than two days ago; or a date",
        column=ListColumn("created", "Logged", 17), can_sort=True,
    ),
    TicketField(
        name="updated_at", label="Changed", field_type=FieldType.TIME,
        query="updated", meaning="updated<1h: within the last hour; or a date",
        column=ListColumn("updated", "Changed", 17), can_sort=True,
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

#: Fields in the JSON whose values are in the ticket's own row.
IN_ROW = tuple(field for field in TICKET_FIELDS if field.in_json and field.is_stored)
#: Fields that can be given when a ticket is logged.
LOGGED = tuple(field for field in TICKET_FIELDS if field.can_log)
#: Fields that can be changed on an existing ticket.
SETTABLE = tuple(field for field in TICKET_FIELDS if field.can_set)
#: Fields by which reports can group tickets.
GROUPED = tuple(field for field in TICKET_FIELDS if field.group)
#: Fields with a line of their own among the facts beside a ticket.
FACTS = tuple(field for field in TICKET_FIELDS if field.in_facts)


def in_order(names: Iterable[str], *first: str) -> tuple[str, ...]:
    """Return the names with those in ``first`` moved to the front, in the order of ``first``.

    Names in ``first`` that are not among ``names`` are ignored.
    """
    known = dict.fromkeys(names)
    return tuple(dict.fromkeys((*(name for name in first if name in known), *known)))


def fields_in_order(fields: Iterable[TicketField], *first: str) -> tuple[TicketField, ...]:
    """Return the fields with those named in ``first`` moved to the front."""
    by_name = {field.name: field for field in fields}
    return tuple(by_name[name] for name in in_order(by_name, *first))


def values_of(source: object, fields: Iterable[TicketField]) -> dict[str, Any]:
    """Return the values of these fields, read from the attributes of an object."""
    return {field.name: getattr(source, field.name) for field in fields}


def given_values(source: object, fields: Iterable[TicketField]) -> dict[str, Any]:
    """Return the values of these fields that are not None, as :func:`values_of` does."""
    return {name: value for name, value in values_of(source, fields).items() if value is not None}


def accepted_values(source: object, fields: Iterable[TicketField]) -> dict[str, Any]:
    """Return the values of these ``TEXT`` and ``CHOICE`` fields as they are stored, without None.

    :raises RefusedError: as :meth:`TicketField.accept`.
    """
    by_name = {field.name: field for field in fields}
    given = given_values(source, by_name.values())
    return {name: by_name[name].accept(value) for name, value in given.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenFields:
    """The fields that are optional when a ticket is logged or changed; None: not given."""

    kind: Kind | None = None
    impact: Impact | None = None
    urgency: Urgency | None = None
