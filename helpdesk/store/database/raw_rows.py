"""Read the rows of audited tables as text and numbers, so that no value is unreadable."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    Text,
    cast,
    column,
    select,
    table,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from helpdesk.store.database.audited_tables import AuditedTable

#: How many rows are read at a time.
_CHUNK = 1_000


def raw_rows(session: Session, audited: AuditedTable) -> Iterator[tuple[Any, ...]]:
    """Yield (key columns, covered columns) of all rows in key order; text in byte order."""
    connection = session.connection()
    read = 0
    try:
        for part in _parts(connection, audited, read):
            yield from map(tuple, part)
            read += len(part)
    except OperationalError:
        if connection.dialect.name != "sqlite":
            raise
        with any_text(connection):
            for part in _parts(connection, audited, read):
                yield from map(tuple, part)


def _parts(
    connection: Connection, audited: AuditedTable, start: int
) -> Iterator[Sequence[Sequence[Any]]]:
    """Yield the rows from a place on in parts."""
    by_bytes = connection.dialect.name == "postgresql"
    names = (*audited.keys, *audited.columns)
    statement = (
        select(*(_stored(audited, name, by_bytes) for name in names))
        .select_from(table(audited.name))
        .order_by(
            *(
                column(name).collate("C") if by_bytes and is_text else column(name)
                for name, is_text in zip(audited.keys, audited.text_keys, strict=True)
            )
        )
    )
    if start:
        statement = statement.offset(start)
    result = connection.execute(statement, execution_options={"yield_per": _CHUNK})
    yield from result.partitions(_CHUNK)


@contextmanager
def any_text(connection: Connection) -> Iterator[None]:
    """Let text be read that is not UTF-8, as SQLite stores any bytes; this takes longer."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    before = driver.text_factory
    driver.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = before


def _stored(audited: AuditedTable, name: str, is_postgresql: bool) -> ColumnElement[Any]:
    """Return a column as SQLite holds it: a truth value is a number, and JSON is text."""
    own: ColumnElement[Any] = column(name)
    if is_postgresql and name in audited.json:
        return cast(own, Text)
    if is_postgresql and isinstance(audited.table.c[name].type, Boolean):
        return cast(own, Integer)
    return own
