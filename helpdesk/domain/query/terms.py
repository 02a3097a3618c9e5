"""What a query is once it is read."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.span import SpanUnit
from helpdesk.domain.text import one_line


class Op(StrEnum):
    """How a field is compared; ``IS`` is written as a colon."""

    IS = ":"
    LESS = "<"
    MORE = ">"
    AT_MOST = "<="
    AT_LEAST = ">="


class QueryError(RefusedError):
    """A query that cannot be read, or names what this desk does not know.

    :ivar query: the query as it was given.
    :ivar at: the place of the mistake in it, counted in characters from 0.
    """

    def __init__(self, sentence: str, query: str, at: int) -> None:
        super().__init__(sentence)
        self.query = query
        self.at = at

    @property
    def caret(self) -> str:
        """Two lines: the query on one line, and a caret under the place of the mistake.

        Of a long query, what stands around the place is shown.
        """
        first = max(0, self.at - 50)
        before = one_line("|" + self.query[first : self.at] + "|")[1:-1]
        shown = before + one_line(self.query[self.at : self.at + 30])
        return f"{shown}\n{' ' * len(before)}^"


#: The units of an age; a query knows no months, ``m`` is minutes.
AGE_UNITS: Mapping[str, SpanUnit] = {
    "m": SpanUnit.MINUTE, "h": SpanUnit.HOUR, "d": SpanUnit.DAY, "w": SpanUnit.WEEK
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Age:
    """A span before or after now, as ``30m``, ``4h``, ``2d``, ``3w``."""

    count: int
    unit: str

    @property
    def span(self) -> timedelta:
        """How long it is on the wall clock."""
        return timedelta(seconds=self.count * AGE_UNITS[self.unit])

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"


#: A value as it was read: words as text, numbers, spans, points in time (naive: of this host).
Value = str | int | Age | datetime


@dataclass(frozen=True, slots=True)
class Compared:
    """A field, how it is compared, and the values of which one must be true."""

    field: str
    op: Op
    values: tuple[Value, ...]
    negated: bool = False
    #: Where each value stands in the text that was read.
    places: tuple[int, ...] = dataclasses.field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        values = ",".join(value_text(value) for value in self.values)
        return f"{'-' if self.negated else ''}{self.field}{self.op}{values}"


@dataclass(frozen=True, slots=True)
class Text:
    """Words that the subject or the details must hold one after the other."""

    words: str
    negated: bool = False

    def __str__(self) -> str:
        return f"{'-' if self.negated else ''}{quoted(self.words)}"


Term = Compared | Text


@dataclass(frozen=True, slots=True)
class Sort:
    """By which key a list is ordered."""

    key: str
    descending: bool = False

    def __str__(self) -> str:
        return f"sort:{'-' if self.descending else ''}{self.key}"


@dataclass(frozen=True, slots=True)
class Query:
    """Terms that must all be true, and the order; None: as the list is ordered anyway.

    ``str`` writes it as text that is read back as an equal query.

    :ivar text: what was read.
    """

    terms: tuple[Term, ...] = ()
    sort: Sort | None = None
    text: str = dataclasses.field(default="", compare=False)

    def __str__(self) -> str:
        parts = [str(term) for term in self.terms]
        return " ".join([*parts, str(self.sort)] if self.sort else parts)

    def names(self, name: str) -> bool:
        """Whether a term is about this field."""
        return any(isinstance(term, Compared) and term.field == name for term in self.terms)


_PLAIN = frozenset("._-/@+#äöüß")


def value_text(value: Value) -> str:
    """Return a value as it is written in a query."""
    if isinstance(value, datetime):
        day_only = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if day_only else value.isoformat()
    if isinstance(value, str):
        plain = value and all(char.isalnum() or char in _PLAIN for char in value)
        return value if plain else quoted(value)
    return str(value)


def quoted(text: str) -> str:
    """Return a text in quotation marks; ``\\`` stands before those within and before itself."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
