"""Read the rows of audited tables as text and numbers, so that no value is unreadable."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Integer, Text, cast, column, select, table
from sqlalchemy.orm import Session

from helpdesk.store.database.audited_tables import AuditedTable

#: How many rows are read at a time.
_CHUNK = 1_000


def raw_rows(session: Session, audited: AuditedTable) -> Iterator[tuple[Any, ...]]:
    """Yield (key columns, covered columns) of all rows in key order; text in byte order."""
    connection = session.connection()
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
    result = connection.execute(statement, execution_options={"yield_per": _CHUNK})
    for part in result.partitions(_CHUNK):
        yield from map(tuple, part)


def _stored(audited: AuditedTable, name: str, is_postgresql: bool) -> ColumnElement[Any]:
    """Return a column as SQLite holds it: a truth value is a number, and JSON is text."""
    own: ColumnElement[Any] = column(name)
    if is_postgresql and name in audited.json:
        return cast(own, Text)
    if is_postgresql and isinstance(audited.table.c[name].type, Boolean):
        return cast(own, Integer)
    return own
