"""Column types that every engine stores alike."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Dialect, Enum, Integer
from sqlalchemy.types import TypeDecorator

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
