"""The baseline: audit records of all rows as they are, for a desk whose trail begins later.

Rows of a desk that an older version has filled are not proven by its records.  The upgrade puts
down what they are, on record; from there on every change is followed.  The same is done for the
columns that a later schema adds to rows that are proven already.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from helpdesk.domain.audit import Actor
from helpdesk.store.database import audit_trail
from helpdesk.store.database.audited_tables import AuditedTable, Stored, audited_tables
from helpdesk.store.database.raw_rows import raw_rows
from helpdesk.store.database.recorded_change import (
    ROWS_PER_RECORD,
    RecordedChange,
    changed_rows,
    grouped,
)
from helpdesk.store.models import AuditHead

DID = "baseline of all rows as they are"
DID_ADDED = "baseline of the columns that schema {schema} added"
#: The columns that a schema has added to audited tables, by schema and table.
ADDED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "0013": {
        "customers": ("note",),
        "requesters": ("phone", "room", "device", "language", "vip", "note", "joined_to_id"),
        "tickets": ("callback",),
    }
}


def write_added(connection: Connection, at: datetime, who: Actor, before: str) -> None:
    """Add records of the columns that were added since a schema, in the connection's transaction.

    :param before: the schema from which the desk was upgraded.
    """
    with Session(connection) as session:
        for schema in sorted(ADDED):
            if schema <= before:
                continue
            did = DID_ADDED.format(schema=schema)
            for part in grouped(_added(session, ADDED[schema])):
                audit_trail.append(session, at, who, did, {}, part)


def _added(session: Session, tables: Mapping[str, tuple[str, ...]]) -> Iterator[RecordedChange]:
    for name, columns in tables.items():
        table = audited_tables()[name]
        covered = tuple(column for column in table.columns if column in columns)
        places = [table.columns.index(column) for column in covered]
        rows = (
            (key, tuple(values[place] for place in places))
            for key, values in (_split(table, row) for row in raw_rows(session, table))
        )
        while part := list(islice(rows, ROWS_PER_RECORD)):
            yield changed_rows("set", table, covered, part)


def write(connection: Connection, at: datetime, who: Actor) -> int:
    """Add records of all rows to the trail, in the connection's transaction.

    :returns: how many rows there are.
    """
    rows = 0
    with Session(connection) as session:
        before = session.scalar(select(AuditHead.events_before)) or 0
        for part in grouped(_changes(session)):
            rows += sum(change.rows for change in part)
            what = {"baseline": True, "events_before": before}
            audit_trail.append(session, at, who, DID, what, part)
    return rows


def _changes(session: Session) -> Iterator[RecordedChange]:
    for table in audited_tables().values():
        rows = (_split(table, row) for row in raw_rows(session, table))
        while part := list(islice(rows, ROWS_PER_RECORD)):
            yield changed_rows("add", table, table.columns, part)


def _split(table: AuditedTable, row: Sequence[Any]) -> tuple[tuple[Any, ...], tuple[Stored, ...]]:
    width = len(table.keys)
    return tuple(row[:width]), table.normal_row(row[width:])
