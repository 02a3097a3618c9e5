"""The tables that the audit trail covers, with their keys and the columns that are proven."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import JSON, Table
from sqlalchemy.types import TypeDecorator

from helpdesk.store.models import Base
from helpdesk.store.models.column_types import Instant

#: A value as the database holds it, on both engines: instants are numbers, JSON is text.
Stored = str | int | None


@dataclass(frozen=True, slots=True)
class AuditedTable:
    """A table that the audit trail covers.

    :ivar keys: the columns of its primary key, which a record names in plain text.
    :ivar text_keys: for each of them, whether it holds text.
    :ivar columns: the columns of which a record holds digests.
    :ivar json: those of them that hold JSON.
    :ivar instants: those of them that hold instants.
    :ivar only_with: column to another one: it is covered only while that one is set.
    :ivar is_summarised: whether the summary of a record names its changed rows.
    """

    table: Table
    name: str
    keys: tuple[str, ...]
    text_keys: tuple[bool, ...]
    columns: tuple[str, ...]
    json: frozenset[str]
    instants: frozenset[str]
    only_with: Mapping[str, str]
    is_summarised: bool

    def stored(self, column: str, value: object) -> Stored:
        """Return a value of the mapped class as the database holds it: text, a number or None."""
        if value is None or value.__class__ is int or value.__class__ is str:
            return value if column not in self.json or value is None else json.dumps(value)
        if column in self.json:
            return json.dumps(value)
        if isinstance(value, Enum):
            value = value.value
        if isinstance(value, datetime):
            return int(value.timestamp())
        return int(value) if isinstance(value, int) else str(value)

    def stored_row(self, values: Mapping[str, object]) -> tuple[Stored, ...]:
        """Return the covered columns of a mapped row as the database holds them."""
        return tuple([self.stored(name, values[name]) for name in self.columns])

    def normal(self, column: str, value: Stored) -> Stored:
        """Return a value as read by ``raw_rows`` in the form in which this program writes it.

        A migration may have written JSON with other spaces, and a copy writes it again.
        """
        if column in self.json and isinstance(value, str):
            try:
                document = json.loads(value)
            except ValueError:
                return value
            return None if document is None else json.dumps(document)
        return value

    def normal_row(self, values: Sequence[Stored]) -> tuple[Stored, ...]:
        """Return the covered columns in the form in which this program writes them."""
        if not self.json:
            return tuple(values)
        pairs = zip(self.columns, values, strict=True)
        return tuple([self.normal(name, value) for name, value in pairs])

    def from_plain(self, column: str, value: object) -> Stored:
        """Return a value as :func:`plain` gives it as the database holds it."""
        if column in self.instants and isinstance(value, str):
            value = datetime.fromisoformat(value)
        return self.stored(column, value)


def plain(value: object) -> object:
    """Return a value as JSON can hold it: text, a number, a list or a dict, or None."""
    if value is None or isinstance(value, bool | int | dict | list):
        return value
    return str(value)


@cache
def audited_tables() -> dict[str, AuditedTable]:
    """Return the audited tables by name, in an order in which references go backwards."""
    classes = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    return {
        table.name: _audited(table, classes[table])
        for table in Base.metadata.sorted_tables
        if getattr(classes[table], "audited", True)
    }


def _audited(table: Table, mapped: type[Base]) -> AuditedTable:
    left_out: frozenset[str] = getattr(mapped, "unaudited_columns", frozenset())
    columns = [
        column for column in table.c if not column.primary_key and column.name not in left_out
    ]
    return AuditedTable(
        table,
        table.name,
        tuple(column.name for column in table.primary_key),
        tuple(issubclass(column.type.python_type, str) for column in table.primary_key),
        tuple(column.name for column in columns),
        frozenset(column.name for column in columns if isinstance(_kind(column.type), JSON)),
        frozenset(column.name for column in columns if isinstance(column.type, Instant)),
        getattr(mapped, "audited_only_with", {}),
        getattr(mapped, "is_summarised", True),
    )


def _kind(column_type: Any) -> Any:
    return column_type.impl if isinstance(column_type, TypeDecorator) else column_type


def key_words(key: Iterable[object]) -> str:
    """Return a primary key in a few words."""
    return "/".join(map(str, key))
