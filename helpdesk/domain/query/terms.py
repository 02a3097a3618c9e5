"""A parsed query: its terms, their values and the order of the list."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.span import SpanUnit
from helpdesk.domain.text import one_line


class Op(StrEnum):
    """The operator between a field and its values."""

    IS = ":"
    LESS = "<"
    MORE = ">"
    AT_MOST = "<="
    AT_LEAST = ">="


class QueryError(RefusedError):
    """A query cannot be parsed, or names something that does not exist on this desk.

    :ivar query: the text of the query.
    :ivar at: the position of the mistake in it, in characters from 0.
    """

    def __init__(self, sentence: str, query: str, at: int) -> None:
        super().__init__(sentence)
        self.query = query
        self.at = at

    @property
    def caret(self) -> str:
        """Two lines: the query, and a caret under the position of the mistake.

        Only the part around the mistake is shown of a long query.
        """
        first = max(0, self.at - 50)
        before = one_line("|" + self.query[first : self.at] + "|")[1:-1]
        shown = before + one_line(self.query[self.at : self.at + 30])
        return f"{shown}\n{' ' * len(before)}^"


#: The units of an age; there are no months, ``m`` means minutes.
AGE_UNITS: Mapping[str, SpanUnit] = {
    "m": SpanUnit.MINUTE, "h": SpanUnit.HOUR, "d": SpanUnit.DAY, "w": SpanUnit.WEEK
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RelativeTime:
    """A time relative to now: a span such as ``30m``, ``4h``, ``2d`` or ``3w``.

    Whether it lies in the past or the future depends on the field.
    """

    count: int
    unit: str

    @property
    def span(self) -> timedelta:
        """The length of the span on the wall clock."""
        return timedelta(seconds=self.count * AGE_UNITS[self.unit])

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"


#: A value of a term: a word, a number, an age, or a naive datetime in the host's local time.
Value = str | int | RelativeTime | datetime


@dataclass(frozen=True, slots=True)
class Comparison:
    """A term that compares a field with values, one of which must match."""

    field: str
    op: Op
    values: tuple[Value, ...]
    negated: bool = False
    #: The position of each value in the text of the query.
    places: tuple[int, ...] = dataclasses.field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        values = ",".join(value_text(value) for value in self.values)
        return f"{'-' if self.negated else ''}{self.field}{self.op}{values}"


@dataclass(frozen=True, slots=True)
class TextTerm:
    """A term that searches the subject and the details for consecutive words."""

    words: str
    negated: bool = False

    def __str__(self) -> str:
        return f"{'-' if self.negated else ''}{quoted(self.words)}"


Term = Comparison | TextTerm


@dataclass(frozen=True, slots=True)
class Sort:
    """The key by which a list is ordered."""

    key: str
    descending: bool = False

    def __str__(self) -> str:
        return f"sort:{'-' if self.descending else ''}{self.key}"


@dataclass(frozen=True, slots=True)
class TicketQuery:
    """A parsed query: terms that must all match, and the order of the list.

    ``str`` gives a text that is parsed into an equal query.

    :ivar sort: the order; None: the default order of the list.
    :ivar text: the text from which the query was parsed.
    """

    terms: tuple[Term, ...] = ()
    sort: Sort | None = None
    text: str = dataclasses.field(default="", compare=False)

    def __str__(self) -> str:
        parts = [str(term) for term in self.terms]
        return " ".join([*parts, str(self.sort)] if self.sort else parts)

    def names(self, name: str) -> bool:
        """Whether a term compares this field."""
        return any(isinstance(term, Comparison) and term.field == name for term in self.terms)


#: Characters, besides letters and digits, that need no quotation marks.
_UNQUOTED = frozenset("._-/@+#äöüß")


def value_text(value: Value) -> str:
    """Return a value as it is written in a query."""
    if isinstance(value, datetime):
        day_only = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if day_only else value.isoformat()
    if isinstance(value, str):
        is_plain = value and all(char.isalnum() or char in _UNQUOTED for char in value)
        return value if is_plain else quoted(value)
    return str(value)


def quoted(text: str) -> str:
    """Return a text in quotation marks, with ``"`` and ``\\`` in it escaped by a ``\\``."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
