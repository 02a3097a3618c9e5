"""The fields that a query can name, and what may stand after each."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from helpdesk.domain.ticket import LinkKind
from helpdesk.domain.ticket_fields import TICKET_FIELDS, FieldType, TicketField, in_order


class FieldKind(Enum):
    """What the values of a field are."""

    WORD = auto()  # one of a few
    NAME = auto()  # a name that the desk knows
    NUMBER = auto()
    DUE = auto()  # a span from now on, or a point in time
    WHEN = auto()  # an age, or a point in time
    TICKET = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """A field: what its values are, and which words they may be, if they are few."""

    name: str
    kind: FieldKind
    meaning: str
    words: tuple[str, ...] = ()

    @property
    def is_ordered(self) -> bool:
        """Whether ``<`` and ``>`` make sense."""
        return self.kind in (FieldKind.NUMBER, FieldKind.DUE, FieldKind.WHEN)


#: States by what they mean together.
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


def _field(described: TicketField) -> Field:
    kind = _KINDS[described.field_type]
    more = (NONE,) if kind is FieldKind.NAME else ()
    words = (*(described.choices or ()), *_MORE_WORDS.get(described.query, more))
    return Field(described.query, kind, described.meaning, words)


_EVERY = (
    *(_field(one) for one in TICKET_FIELDS if one.query),
    Field("due", FieldKind.DUE, "due<4h: within four hours, or overdue", (NONE,)),
    Field("breached", FieldKind.WORD, "whether a clock is overdue now", _YES_NO),
    Field("warned", FieldKind.WORD, "whether a clock's time runs short now", _YES_NO),
    Field("lead", FieldKind.WORD, "whether it was left to the lead", _YES_NO),
    Field("link", FieldKind.WORD, "whether it is linked so with another", tuple(LinkKind)),
    Field("parent", FieldKind.TICKET, "the children of a ticket"),
    Field("id", FieldKind.TICKET, "a ticket's number"),
)
_BY_NAME = {field.name: field for field in _EVERY}

#: Every field by its name, in the order in which they are offered.
FIELDS: Mapping[str, Field] = {
    name: _BY_NAME[name]
    for name in in_order(
        _BY_NAME,
        *("state", "queue", "due", "priority", "service", "customer", "requester", "assignee"),
        *("tag", "kind", "channel", "impact", "urgency", "created", "updated", "resolved"),
        *("handovers", "reopened", "breached", "warned", "lead", "waiting", "link", "parent"),
        "id",
    )
}

#: By what a list can be ordered.
SORTS = (
    "due",
    *in_order(
        (field.query for field in TICKET_FIELDS if field.can_sort), "created", "updated", "priority"
    ),
    "id",
)
