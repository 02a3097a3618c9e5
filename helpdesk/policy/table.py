"""Reading values out of the file's tables; every mistake is reported, and reading goes on."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from helpdesk.domain.errors import RefusedError
from helpdesk.policy.duration import parse_span
from helpdesk.policy.finding import Report
from helpdesk.policy.toml_lines import KeyPath

W = TypeVar("W", bound=StrEnum)

_NAME_LIMIT = 100
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Table:
    """One table of the file, and where to report what is wrong in it.

    Each reader returns the default where the key is missing or its value is no good; the latter
    is reported.
    """

    def __init__(self, report: Report, path: KeyPath, values: Mapping[str, object]) -> None:
        self.report = report
        self.path = path
        self.values = values

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def reject(self, key: str | int, sentence: str, *below: str | int) -> None:
        """Report a mistake at a key, or at what is below it."""
        self.report.say((*self.path, key, *below), sentence)

    def allow(self, *keys: str) -> None:
        """Report keys that nobody reads: most are slips of the pen."""
        for key in self.values:
            if key not in keys:
                self.reject(key, f"is not known here: use {', '.join(keys)}.")

    def need(self, *keys: str) -> None:
        """Report which of these are missing."""
        for key in keys:
            if key not in self.values:
                self.reject(key, "is missing: add it.")

    def text(self, key: str, default: str = "", limit: int = _NAME_LIMIT) -> str:
        """Return a text of one line that says something."""
        value = self.values.get(key, default)
        if key in self.values and not _is_name(value, limit):
            self.reject(key, f"{value!r:.40} is no text of 1 to {limit} printable characters.")
            return default
        return str(value)

    def flag(self, key: str) -> bool:
        """Return whether it is true; false where it is missing."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.reject(key, f"{value!r:.40} stands where true or false is needed.")
            return False
        return value

    def count(self, key: str) -> int | None:
        """Return a whole number from 1 on."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self.reject(key, f"{value!r:.40} is not a whole number from 1 on.")
            return None
        return value

    def span(self, key: str) -> int | None:
        """Return a span of time in seconds."""
        if key not in self.values:
            return None
        try:
            return parse_span(self.values[key])
        except RefusedError as error:
            self.reject(key, str(error))
            return None

    def day(self, key: str) -> date | None:
        """Return a date, written as TOML's own or as a text."""
        value = self.values.get(key)
        if value is None:
            return None
        try:
            return parse_date(value)
        except ValueError:
            self.reject(key, f"{value!r:.40} is no date: write it as YYYY-MM-DD.")
            return None

    def word(self, key: str, kind: type[W]) -> W | None:
        """Return one of the words of an enumeration."""
        if key not in self.values:
            return None
        return self._word((key,), self.values[key], kind)

    def words(self, key: str, kind: type[W]) -> tuple[W, ...]:
        """Return a list of words of an enumeration, each once."""
        found = [
            self._word((key, place), value, kind) for place, value in enumerate(self.items(key))
        ]
        return tuple(dict.fromkeys(word for word in found if word is not None))

    def _word(self, below: KeyPath, value: object, kind: type[W]) -> W | None:
        for member in kind:
            if value == member.value:
                return member
        known = ", ".join(member.value for member in kind)
        self.report.say((*self.path, *below), f"{value!r:.40} is not one of: {known}.")
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of short texts."""
        found = []
        for place, value in enumerate(self.items(key)):
            if _is_name(value):
                found.append(str(value))
            else:
                self.reject(key, f"{value!r:.40} is no text of printable characters.", place)
        return tuple(found)

    def items(self, key: str) -> Iterable[object]:
        """Return a list of whatever there is."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            self.reject(key, f"{value!r:.40} stands where a list […] is needed.")
            return []
        return value

    def table(self, key: str) -> "Table":
        """Return a table; an empty one where it is missing."""
        return self._table((*self.path, key), self.values.get(key, {}))

    def tables(self, key: str) -> Iterator[tuple[str, "Table"]]:
        """Yield the tables in a table of tables, by name."""
        group = self.table(key)
        folded: set[str] = set()
        for name, value in group.values.items():
            if not _is_name(name):
                group.reject(name, f"is no name of 1 to {_NAME_LIMIT} printable characters.")
            if name.casefold() in folded:
                group.reject(name, "is there twice, but for its capitals: keep one.")
            folded.add(name.casefold())
            yield name, self._table((*group.path, name), value)

    def rows(self, key: str) -> Iterator["Table"]:
        """Yield the tables of a list of tables."""
        for place, value in enumerate(self.items(key)):
            yield self._table((*self.path, key, place), value)

    def _table(self, path: KeyPath, value: object) -> "Table":
        if not isinstance(value, Mapping):
            self.report.say(path, f"{value!r:.40} stands where a table is needed.")
            value = {}
        return Table(self.report, path, value)


def parse_date(value: object) -> date:
    """Return a date, written as TOML's own or as a text.

    :raises ValueError: if it is none.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        return date.fromisoformat(value)
    raise ValueError(value)


def _is_name(value: object, limit: int = _NAME_LIMIT) -> bool:
    return (
        isinstance(value, str)
        and bool(value.strip())
        and len(value) <= limit
        and value.isprintable()
    )
