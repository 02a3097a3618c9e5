"""The baseline: audit records of all rows as they are, for a desk whose trail begins later.

Rows of a desk that an older version has filled are not proven by its records.  The upgrade puts
down what they are, on record; from there on every change is followed.
"""

from collections.abc import Iterator, Sequence
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
