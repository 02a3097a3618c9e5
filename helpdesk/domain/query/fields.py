"""The fields of the query language and their values."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from helpdesk.domain.ticket import LinkKind
from helpdesk.domain.ticket_fields import TICKET_FIELDS, FieldType, TicketField, in_order


class FieldKind(Enum):
    """The kind of a field's values."""

    WORD = auto()  # one of a few fixed words
    NAME = auto()  # a name from the database, such as a customer
    NUMBER = auto()
    DUE = auto()  # a span from now into the future, or a point in time
    WHEN = auto()  # a span from now into the past, or a point in time
    TICKET = auto()


@dataclass(frozen=True, slots=True)
class QueryField:
    """A field of the query language.

    :ivar meaning: an explanation of the values in a few words, for help and error texts.
    :ivar words: the fixed words that are accepted; for kinds other than ``WORD``, in addition to
        the other values.
    """

    name: str
    kind: FieldKind
    meaning: str
    words: tuple[str, ...] = ()

    @property
    def is_ordered(self) -> bool:
        """Whether the field can be compared with ``<`` and ``>``."""
        return self.kind in (FieldKind.NUMBER, FieldKind.DUE, FieldKind.WHEN)


#: Words for groups of states.
ACTIVE, DONE, ANY = "active", "done", "any"
NONE, ME = "none", "me"
YES, NO = "yes", "no"
_YES_NO = (YES, NO)

_MORE_WORDS: Mapping[str, tuple[str, ...]] = {
    "state": (ACTIVE, DONE, ANY), "assignee": (ME, NONE), "resolved": (NONE,),
}  # fmt: skip
_KINDS: Mapping[FieldType, FieldKind] = {
    FieldType.CHOICE: FieldKind.WORD, FieldType.TEXT: FieldKind.NAME,
    FieldType.NAME: FieldKind.NAME, FieldType.TAGS: FieldKind.NAME,
    FieldType.NUMBER: FieldKind.NUMBER, FieldType.TIME: FieldKind.WHEN,
}  # fmt: skip


def _query_field(field: TicketField) -> QueryField:
    kind = _KINDS[field.field_type]
    more = (NONE,) if kind is FieldKind.NAME else ()
    words = (*(field.choices or ()), *_MORE_WORDS.get(field.query, more))
    return QueryField(field.query, kind, field.meaning, words)


_ALL = (
    *(_query_field(field) for field in TICKET_FIELDS if field.query),
    QueryField("due", FieldKind.DUE, "due<4h: within four hours, or overdue", (NONE,)),
    QueryField("breached", FieldKind.WORD, "whether a clock is overdue now", _YES_NO),
    QueryField("warned", FieldKind.WORD, "whether a clock's time runs short now", _YES_NO),
    QueryField("lead", FieldKind.WORD, "whether it was left to the lead", _YES_NO),
    QueryField(
        "wrote", FieldKind.WORD, "whether the requester wrote since the last answer", _YES_NO
    ),
    QueryField("link", FieldKind.WORD, "how it is linked with another ticket", tuple(LinkKind)),
    QueryField("parent", FieldKind.TICKET, "the children of a ticket"),
    QueryField("problem", FieldKind.TICKET, "the incidents that a problem causes"),
    QueryField("change", FieldKind.TICKET, "the tickets for which a change is made"),
    QueryField("duplicate", FieldKind.TICKET, "the duplicates of a ticket"),
    QueryField("id", FieldKind.TICKET, "a ticket's number"),
)
_BY_NAME = {field.name: field for field in _ALL}

#: Every field by its name, in the order in which they are offered.
FIELDS: Mapping[str, QueryField] = {
    name: _BY_NAME[name]
    for name in in_order(
        _BY_NAME,
        *("state", "queue", "due", "priority", "service", "customer", "requester", "assignee"),
        *("tag", "kind", "channel", "impact", "urgency", "created", "updated", "resolved"),
        *("handovers", "reopened", "breached", "warned", "wrote", "lead", "waiting", "link"),
        *("parent", "problem", "change", "duplicate", "id"),
    )
}

#: The keys by which a list can be ordered.
SORTS = (
    "due",
    *in_order(
        (field.query for field in TICKET_FIELDS if field.can_sort), "created", "updated", "priority"
    ),
    "requester",
    "id",
)
