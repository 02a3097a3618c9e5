"""The parser of the query language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from helpdesk.domain.desk_zone import to_local
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.query.fields import FIELDS, SORTS, FieldKind, QueryField
from helpdesk.domain.query.terms import (
    AGE_UNITS,
    Comparison,
    Op,
    QueryError,
    RelativeTime,
    Sort,
    Term,
    TextTerm,
    TicketQuery,
    Value,
)
from helpdesk.domain.span import SpanFormat
from helpdesk.domain.text import accept, one_line
from helpdesk.domain.ticket import parse_ref, ref

#: The most characters of a query; a longer text was probably pasted into the wrong field.
LIMIT = 2_000
_TERMS_LIMIT = 50
_NAME = re.compile(r"([^\W\d_]{1,20})(:[<>]=?|<=|>=|:|<|>)")
_AGE = SpanFormat(AGE_UNITS, count="[0-9]{1,6}", blanks=False)
_NUMBER = re.compile(r"[0-9]{1,6}")
_BARE = re.compile(r'[^\s"]+')
_BARE_VALUE = re.compile(r'[^\s",]+')
_SPACE = re.compile(r"\s*")


@dataclass
class _Scanner:
    """The text of a query and the current position in it."""

    text: str
    at: int = 0

    def error(self, sentence: str, at: int | None = None) -> QueryError:
        """Return an error at a position, by default the current one."""
        return QueryError(sentence, self.text, self.at if at is None else at)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match the pattern at the current position; move past the match if there is one."""
        found = pattern.match(self.text, self.at)
        if found is not None:
            self.at = found.end()
        return found

    @property
    def here(self) -> str:
        """The next character; "" at the end."""
        return self.text[self.at : self.at + 1]


def parse(text: str) -> TicketQuery:
    """Parse a query.

    :raises QueryError: if it cannot be parsed.  No other error is raised.
    """
    if len(text) > LIMIT:
        raise QueryError(
            f"the query has {len(text):,} characters; at most {LIMIT:,} are read.", text, LIMIT
        )
    text = accept(text, "query")  # replaces characters that no database stores, as in tickets
    reader = _Scanner(text)
    terms: list[Term] = []
    sort: Sort | None = None
    for part in _parts(reader):
        if isinstance(part, Sort):
            sort = part
        else:
            terms.append(part)
        if len(terms) > _TERMS_LIMIT:
            raise reader.error(f"the query has more than {_TERMS_LIMIT} terms: shorten it.")
    return TicketQuery(tuple(terms), sort, text)


def _parts(reader: _Scanner) -> Iterator[Term | Sort]:
    while True:
        reader.take(_SPACE)
        if not reader.here:
            return
        start = reader.at
        negated = reader.here == "-"
        reader.at += negated
        named = reader.take(_NAME)
        if named is None:
            yield TextTerm(_words(reader), negated)
        elif named[1].lower() == "sort":
            if negated:
                raise reader.error("write a descending order as sort:-created.", start)
            yield _sort(reader, named)
        else:
            yield _compared(reader, named, start + negated, negated=negated)


def _words(reader: _Scanner) -> str:
    if reader.here == '"':
        start = reader.at
        words = _quoted(reader)
        if not words.strip():
            raise reader.error("there is nothing between the quotation marks.", start)
        return words
    found = reader.take(_BARE)
    if found is None:
        raise reader.error("a '-' stands alone: put the term to exclude right after it.")
    return found[0]


def _quoted(reader: _Scanner) -> str:
    start = reader.at
    reader.at += 1
    read: list[str] = []
    while reader.here != '"':
        if reader.here == "\\":
            reader.at += 1
        if not reader.here:
            raise reader.error('the quotation mark is never closed: add a ".', start)
        read.append(reader.here)
        reader.at += 1
    reader.at += 1
    return "".join(read)


def _sort(reader: _Scanner, named: re.Match[str]) -> Sort:
    start = reader.at
    found = reader.take(_BARE)
    word = found[0].lower() if found else ""
    key = word.removeprefix("-")
    if named[2] != ":" or key not in SORTS:
        raise reader.error(f"sort: needs one of {', '.join(SORTS)}.", start)
    return Sort(key, word.startswith("-"))


def _compared(reader: _Scanner, named: re.Match[str], start: int, *, negated: bool) -> Comparison:
    name = named[1].lower()
    field = FIELDS.get(name)
    if field is None:
        similar = get_close_matches(name, FIELDS, 1)
        hint = f"is it {similar[0]}?" if similar else "use quotation marks to search for the text."
        raise reader.error(f"there is no field {name!r}: {hint}", start)
    op = Op(named[2] if named[2] == ":" else named[2].removeprefix(":"))
    if op is not Op.IS and not field.is_ordered:
        raise reader.error(
            f"{name} cannot be compared with < or >: write {name}: and a value.",
            start + len(name),
        )
    values: list[Value] = []
    places: list[int] = []
    while True:
        places.append(reader.at)
        values.append(_value(reader, field, op))
        if reader.here != ",":
            break
        reader.at += 1
    if op is not Op.IS and len(values) > 1:
        raise reader.error(f"{name}{op} takes one value.", places[1])
    if reader.here == '"':
        raise reader.error("put a blank before the quotation mark.")
    return Comparison(name, op, tuple(values), negated, tuple(places))


def _value(reader: _Scanner, field: QueryField, op: Op) -> Value:
    start = reader.at
    if reader.here == '"':
        word = _quoted(reader)
    else:
        found = reader.take(_BARE_VALUE)
        word = found[0] if found else ""
    if not word.strip():
        raise reader.error(f"{field.name}{op} needs a value: {field.meaning}.", start)
    known = {known.lower(): known for known in field.words}.get(word.lower())
    if known is not None and (op is Op.IS or not field.is_ordered):
        return str(known)
    value = _read(word, field)
    if value is None or (op is Op.IS and isinstance(value, RelativeTime)):
        given = one_line(word)[:40]
        hint = _hint(field, value)
        raise reader.error(f"{given!r} is no value of {field.name}: {hint}.", start)
    return value


def _hint(field: QueryField, value: Value | None) -> str:
    if value is not None:
        return f"a span needs < or >, as in {field.name}<{value}"
    if field.kind is FieldKind.WORD:
        return f"use one of {', '.join(field.words)}"
    if field.kind is FieldKind.NUMBER:
        return "use a whole number"
    if field.kind is FieldKind.TICKET:
        return f"use a ticket's number such as {ref(12)}"
    return "use a span such as 30m, 4h, 2d, 1w, or a date such as 2026-12-01"


def _read(word: str, field: QueryField) -> Value | None:
    """Return a word as a value of a field; None if it is not a valid value."""
    if field.kind is FieldKind.NAME:
        return " ".join(word.split())
    if field.kind is FieldKind.NUMBER:
        return int(word) if _NUMBER.fullmatch(word) else None
    if field.kind is FieldKind.TICKET:
        return _ticket(word)
    if field.kind in (FieldKind.DUE, FieldKind.WHEN):
        return _span(word) or _time(word)
    return None


def _ticket(word: str) -> int | None:
    try:
        return parse_ref(word)
    except RefusedError:
        return None


def _span(word: str) -> RelativeTime | None:
    if word == "0":
        return RelativeTime(0, "m")
    parts = _AGE.read(word)
    return RelativeTime(parts[0].count, parts[0].letter) if parts else None


def _time(word: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(word.upper())
        # Dates near the years 1 and 9999 cannot be converted to another zone.
        return (
            to_local(at).replace(tzinfo=None, microsecond=0)
            if at.tzinfo
            else at.replace(microsecond=0)
        )
    except (ValueError, OverflowError, OSError):
        return None
