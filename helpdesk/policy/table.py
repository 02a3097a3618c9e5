"""Typed access to the tables of a policy file; mistakes are reported and reading continues."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from helpdesk.domain.errors import RefusedError
from helpdesk.policy.duration import parse_span
from helpdesk.policy.finding import FindingCollector
from helpdesk.policy.toml_lines import KeyPath

W = TypeVar("W", bound=StrEnum)

_NAME_LIMIT = 100
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Table:
    """One table of the file.

    Each method that reads a value returns its default if the key is missing or the value is
    invalid; an invalid value is reported.

    :ivar collector: collects the mistakes.
    :ivar path: the keys of the table in the file.
    :ivar values: the parsed values of the table.
    """

    def __init__(
        self, collector: FindingCollector, path: KeyPath, values: Mapping[str, object]
    ) -> None:
        self.collector = collector
        self.path = path
        self.values = values

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def reject(self, key: str | int, sentence: str, *below: str | int) -> None:
        """Report a mistake at a key, or at the keys ``below`` it."""
        self.collector.add((*self.path, key, *below), sentence)

    def warn(self, key: str | int, sentence: str, *below: str | int) -> None:
        """Report what is no mistake, but probably not meant."""
        self.collector.add((*self.path, key, *below), sentence, is_warning=True)

    def allow(self, *keys: str) -> None:
        """Report all other keys, most of which are typing mistakes."""
        for key in self.values:
            if key not in keys:
                self.reject(key, f"is not known here: use {', '.join(keys)}.")

    def require(self, *keys: str) -> None:
        """Report which of these keys are missing."""
        for key in keys:
            if key not in self.values:
                self.reject(key, "is missing: add it.")

    def text(self, key: str, default: str = "", limit: int = _NAME_LIMIT) -> str:
        """Return a text of 1 to ``limit`` printable characters."""
        value = self.values.get(key, default)
        if key in self.values and not _is_name(value, limit):
            self.reject(key, f"{value!r:.40} is no text of 1 to {limit} printable characters.")
            return default
        return str(value)

    def flag(self, key: str, default: bool = False) -> bool:
        """Return true or false."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            self.reject(key, f"true or false is needed, not {value!r:.40}.")
            return default
        return value

    def count(self, key: str) -> int | None:
        """Return a whole number, 1 or more."""
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
        """Return a date, written as a TOML date or as a text."""
        value = self.values.get(key)
        if value is None:
            return None
        try:
            return parse_date(value)
        except ValueError:
            self.reject(key, f"{value!r:.40} is no date: write it as YYYY-MM-DD.")
            return None

    def word(self, key: str, enumeration: type[W]) -> W | None:
        """Return a member of an enumeration."""
        if key not in self.values:
            return None
        return self._member((key,), self.values[key], enumeration)

    def words(self, key: str, enumeration: type[W]) -> tuple[W, ...]:
        """Return a list of members of an enumeration, each once."""
        found = [
            self._member((key, index), value, enumeration)
            for index, value in enumerate(self.items(key))
        ]
        return tuple(dict.fromkeys(member for member in found if member is not None))

    def _member(self, below: KeyPath, value: object, enumeration: type[W]) -> W | None:
        for member in enumeration:
            if value == member.value:
                return member
        known = ", ".join(member.value for member in enumeration)
        self.collector.add((*self.path, *below), f"{value!r:.40} is not one of: {known}.")
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts of 1 to 100 printable characters."""
        found = []
        for index, value in enumerate(self.items(key)):
            if _is_name(value):
                found.append(str(value))
            else:
                self.reject(key, f"{value!r:.40} is no text of printable characters.", index)
        return tuple(found)

    def items(self, key: str) -> Iterable[object]:
        """Return the items of a list, which may be of any type."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            self.reject(key, f"a list […] is needed, not {value!r:.40}.")
            return []
        return value

    def table(self, key: str) -> "Table":
        """Return a table; an empty one is the default."""
        return self._table((*self.path, key), self.values.get(key, {}))

    def tables(self, key: str) -> Iterator[tuple[str, "Table"]]:
        """Yield the name and content of each table in a table.

        Names that differ in capitals only are reported.
        """
        group = self.table(key)
        folded: set[str] = set()
        for name, value in group.values.items():
            if not _is_name(name):
                group.reject(name, f"is no name of 1 to {_NAME_LIMIT} printable characters.")
            if name.casefold() in folded:
                group.reject(name, "is there twice, with different capitals: keep one.")
            folded.add(name.casefold())
            yield name, self._table((*group.path, name), value)

    def rows(self, key: str) -> Iterator["Table"]:
        """Yield the tables of a list of tables."""
        for index, value in enumerate(self.items(key)):
            yield self._table((*self.path, key, index), value)

    def _table(self, path: KeyPath, value: object) -> "Table":
        if not isinstance(value, Mapping):
            self.collector.add(path, f"a table is needed, not {value!r:.40}.")
            value = {}
        return Table(self.collector, path, value)


def parse_date(value: object) -> date:
    """Return a date, written as a TOML date or as a text (``2026-12-24``).

    :raises ValueError: if it is not a date.
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
