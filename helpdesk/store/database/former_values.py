"""Read the values that rows had before, as they are kept beside audit records.

Values that are too long to be kept, and those of statements that changed many rows, are not found.
"""

import json
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.store.database.erased_values import RowKey, row_key
from helpdesk.store.database.recorded_change import row_of
from helpdesk.store.models import AuditRecord, AuditValues

_BATCH = 20


def former_texts(session: Session, wanted: dict[RowKey, Collection[str]]) -> dict[RowKey, set[str]]:
    """Return the texts that columns of rows have had; the whole trail is read.

    :param wanted: the columns of each row.
    """
    found: dict[RowKey, set[str]] = {row: set() for row in wanted}
    for change, beside in _changes_of_one_row(session):
        _, table, key = row_of(change)
        row = row_key(table, key)
        values = beside.get("values", {})
        for name in wanted.get(row, ()):
            kept = values.get(name, ())
            every = kept if isinstance(kept, list) else [kept]
            found[row].update(text for text in every if isinstance(text, str) and text)
    return found


def _changes_of_one_row(session: Session) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    statement = select(AuditRecord.what, AuditValues.beside).join(
        AuditValues, AuditValues.seq == AuditRecord.seq
    )
    for what, text in session.execute(statement, execution_options={"yield_per": _BATCH}):
        changes = json.loads(what).get("changes", [])
        for change, beside in zip(changes, json.loads(text), strict=False):
            if "keys" not in change and "event" not in change and "columns" in change:
                yield change, beside
