"""The fields that a query can name, and what may stand after each."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from helpdesk.domain.escalation import Level
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.domain.ticket import Channel, Kind, LinkKind, State, Waiting


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

_EVERY = (
    Field("state", FieldKind.WORD, "new, open, pending …; active (the default), done, any",
          (*State, ACTIVE, DONE, ANY)),
    Field("queue", FieldKind.WORD, "a level", tuple(Level)),
    Field("due", FieldKind.DUE, "due<4h: within four hours, or overdue", (NONE,)),
    Field("priority", FieldKind.WORD, "P1 to P4", tuple(Priority)),
    Field("service", FieldKind.NAME, "a service, or none", (NONE,)),
    Field("customer", FieldKind.NAME, "a customer, or none", (NONE,)),
    Field("requester", FieldKind.NAME, "mail address or name, or how one begins; none", (NONE,)),
    Field("assignee", FieldKind.NAME, "a login, me or none", (ME, NONE)),
    Field("tag", FieldKind.NAME, "a tag, or none", (NONE,)),
    Field("kind", FieldKind.WORD, "incident, request, problem, change", tuple(Kind)),
    Field("channel", FieldKind.WORD, "how it came", tuple(Channel)),
    Field("impact", FieldKind.WORD, "high, medium, low", tuple(Impact)),
    Field("urgency", FieldKind.WORD, "high, medium, low", tuple(Urgency)),
    Field("created", FieldKind.WHEN, "created>2d: more than two days ago; or a date"),
    Field("updated", FieldKind.WHEN, "updated<1h: within the last hour; or a date"),
    Field("resolved", FieldKind.WHEN, "resolved<1d: within the last day; or a date", (NONE,)),
    Field("handovers", FieldKind.NUMBER, "how often it was handed over"),
    Field("reopened", FieldKind.NUMBER, "how often it was reopened"),
    Field("breached", FieldKind.WORD, "whether a clock is overdue now", _YES_NO),
    Field("warned", FieldKind.WORD, "whether a clock's time runs short now", _YES_NO),
    Field("lead", FieldKind.WORD, "whether it was left to the lead", _YES_NO),
    Field("waiting", FieldKind.WORD, "for whom or what", tuple(Waiting)),
    Field("link", FieldKind.WORD, "whether it is linked so with another", tuple(LinkKind)),
    Field("parent", FieldKind.TICKET, "the children of a ticket"),
    Field("id", FieldKind.TICKET, "a ticket's number"),
)  # fmt: skip

#: Every field by its name.
FIELDS: Mapping[str, Field] = {field.name: field for field in _EVERY}

#: By what a list can be ordered.
SORTS = ("due", "created", "updated", "priority", "handovers", "reopened", "id")
