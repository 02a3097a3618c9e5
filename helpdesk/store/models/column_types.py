"""Column types that both engines store in the same way."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Dialect, Enum, Integer, String
from sqlalchemy.types import TypeDecorator

from helpdesk.domain.entry_type import EntryType

#: Row numbers: SQLite numbers rows by itself only in a column declared INTEGER.
RowNumber = BigInteger().with_variant(Integer(), "sqlite")


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime in whole seconds, stored as seconds since 1970.

    An integer is exact, sorts and subtracts equally on both engines, and is half the size of text.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Convert to seconds.

        :raises ValueError: if the datetime is naive, which is an error of the caller.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("instants are aware datetimes")
        return int(value.timestamp())

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Convert from seconds."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


class EntryTypeColumn(TypeDecorator[EntryType]):
    """The type of a timeline entry, stored as its text.

    A type that only a newer program knows is loaded as well (see ``EntryType.read``), so that one
    such entry does not make a timeline unreadable.
    """

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Convert to text."""
        return None if value is None else str(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> EntryType | None:
        """Convert from text."""
        return None if value is None else EntryType.read(value)


def one_of(column: str, members: Iterable[StrEnum]) -> str:
    """Return the SQL condition that a column has one of these values, spelled as in an index."""
    return f"{column} IN ({', '.join(repr(member.value) for member in members)})"


def enum_column(enum: type[StrEnum]) -> Enum:
    """Return a column type that stores members of an enum as text, on both engines."""
    return Enum(
        enum,
        native_enum=False,
        create_constraint=False,
        validate_strings=True,
        length=16,
        values_callable=lambda members: [member.value for member in members],
    )
