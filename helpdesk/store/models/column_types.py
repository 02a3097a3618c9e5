"""Column types that every engine stores alike."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Dialect, Enum, Integer, String
from sqlalchemy.types import TypeDecorator

from helpdesk.domain.entry_type import EntryType

#: Row numbers: SQLite counts rows up only in a column declared INTEGER.
RowNumber = BigInteger().with_variant(Integer(), "sqlite")


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime in whole seconds, stored as seconds since 1970.

    An integer is exact, sorts and subtracts alike on every engine, and is half the size of text.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Store; a naive datetime is a defect of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("instants are aware datetimes")
        return int(value.timestamp())

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Load."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


class EntryWord(TypeDecorator[EntryType]):
    """The type of a timeline entry, stored as its word.

    A word that only a newer version knows is loaded as well (see ``EntryType.read``), so that one
    entry cannot keep a timeline from being read.
    """

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Store as plain text."""
        return None if value is None else str(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> EntryType | None:
        """Load."""
        return None if value is None else EntryType.read(value)


def one_of(column: str, members: Iterable[StrEnum]) -> str:
    """Return the SQL condition that a column holds one of these words, written as in an index."""
    return f"{column} IN ({', '.join(repr(member.value) for member in members)})"


def words(kind: type[StrEnum]) -> Enum:
    """Return a column type that stores a word of ``kind`` as its text, on every engine."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        validate_strings=True,
        length=16,
        values_callable=lambda members: [member.value for member in members],
    )
