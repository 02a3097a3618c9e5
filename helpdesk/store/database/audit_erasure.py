"""Erase values that are kept beside audit records, on record.

The digests stay in the records, so that the chain goes on verifying; without its salt nobody can
find out by trying which value a digest is of.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpdesk.domain.audit import Actor
from helpdesk.domain.audit_digests import decode, derived_salts, encode
from helpdesk.domain.errors import RefusedError
from helpdesk.store.database import audit_trail
from helpdesk.store.database.audited_tables import audited_tables, key_words
from helpdesk.store.database.erased_values import ERASED_WORDS, RowKey, missing_columns, row_key
from helpdesk.store.database.recorded_change import row_of
from helpdesk.store.models import AuditRecord, AuditValues

_BATCH = 20


@dataclass(frozen=True, slots=True)
class Erasure:
    """The columns of a row whose former values are to be erased.

    :ivar table: the name of the table.
    :ivar key: the row's primary key.
    """

    table: str
    key: tuple[str | int, ...]
    columns: frozenset[str]

    def __post_init__(self) -> None:
        """Refuse what the trail does not cover."""
        table = audited_tables().get(self.table)
        known = frozenset(table.columns) if table is not None else frozenset()
        if table is None or not self.columns or not self.columns <= known:
            names = ", ".join(sorted(self.columns - known)) or "no column"
            raise RefusedError(f"the audit trail holds no values of {names} of {self.table}.")

    def is_of(self, table: str, key: Any) -> bool:
        """Whether a change is of this row."""
        return row_key(table, key) == row_key(self.table, self.key)


def erase_all(
    session: Session,
    at: datetime,
    who: Actor,
    erasures: Sequence[Erasure],
    after: int | None = None,
) -> None:
    """Erase the values of rows beside all records, and add a record of each row.

    The whole trail is read, once.

    :param after: the rows were changed by the records after this one: of these the old values are
        erased, and the new ones kept.
    """
    numbers = _numbers_by_row(session, erasures)
    for erasure in erasures:
        _erase(session, at, who, erasure, after, numbers[row_key(erasure.table, erasure.key)])


def _numbers_by_row(session: Session, erasures: Iterable[Erasure]) -> dict[RowKey, list[int]]:
    """Return the numbers of the records that changed each row."""
    found: dict[RowKey, list[int]] = {row_key(one.table, one.key): [] for one in erasures}
    tables = {table for table, _ in found}
    statement = select(AuditRecord.seq, AuditRecord.what).order_by(AuditRecord.seq)
    for seq, what in session.execute(statement, execution_options={"yield_per": _BATCH}):
        rows = {
            row
            for change in json.loads(what).get("changes", [])
            for row in _rows_of(change, tables)
        }
        for row in found.keys() & rows:
            found[row].append(seq)
    return found


def _rows_of(change: dict[str, Any], tables: Collection[str]) -> Iterator[RowKey]:
    if "columns" not in change:
        return
    if "keys" in change:
        if change["table"] in tables:
            yield from (row_key(change["table"], key) for key in change["keys"])
        return
    _, table, key = row_of(change)
    if table in tables:
        yield row_key(table, key)


def _erase(
    session: Session,
    at: datetime,
    who: Actor,
    erasure: Erasure,
    after: int | None,
    numbers: Sequence[int],
) -> None:
    found = []
    for seq, changes, beside in _records_of(session, erasure, numbers):
        only_old = after is not None and seq > after
        kept = [
            _without(change, one, erasure, only_old=only_old)
            for change, one in zip(changes, beside, strict=True)
        ]
        if kept != beside:
            found.append((seq, _erased_columns(erasure, changes, beside, kept), kept))
    what = {
        "erased": {
            "table": erasure.table,
            "key": [str(part) for part in erasure.key],
            "columns": sorted(erasure.columns),
            "records": {str(seq): columns for seq, columns, _ in found},
        }
    }
    did = f"{ERASED_WORDS}values of {erasure.table} {key_words(erasure.key)}"[:200]
    own = audit_trail.append(session, at, who, did, what)
    for seq, _, kept in found:
        text = json.dumps(kept, ensure_ascii=True, separators=(",", ":"))
        session.execute(
            update(AuditValues)
            .where(AuditValues.seq == seq)
            .values(beside=text, erased_by=own)
            .execution_options(synchronize_session=False)
        )


def _erased_columns(
    erasure: Erasure,
    changes: Sequence[dict[str, Any]],
    beside: Sequence[dict[str, Any]],
    kept: Sequence[dict[str, Any]],
) -> str:
    """Return the columns of which something is missing beside a record from now on."""
    row = row_key(erasure.table, erasure.key)
    missing: set[str] = set()
    for change, before, after in zip(changes, beside, kept, strict=True):
        if before != after:
            missing.update(
                *(columns for one, columns in missing_columns(change, after) if one == row)
            )
    return " ".join(sorted(missing & erasure.columns))


def _records_of(
    session: Session, erasure: Erasure, numbers: Sequence[int]
) -> Iterator[tuple[int, list[dict[str, Any]], list[dict[str, Any]]]]:
    """Yield (number, changes, what is kept beside each) of the records of a row's columns.

    :param numbers: those of the records that changed the row.
    """
    statement = select(AuditRecord.seq, AuditRecord.what, AuditValues.beside).join(
        AuditValues, AuditValues.seq == AuditRecord.seq
    )
    for start in range(0, len(numbers), _BATCH):
        some = statement.where(AuditRecord.seq.in_(numbers[start : start + _BATCH]))
        for row in session.execute(some.order_by(AuditRecord.seq)).all():
            changes = json.loads(row.what).get("changes", [])
            if any(_concerns(change, erasure) for change in changes):
                yield row.seq, changes, json.loads(row.beside)


def _concerns(change: dict[str, Any], erasure: Erasure) -> bool:
    if "columns" not in change or not erasure.columns.intersection(change["columns"].split()):
        return False
    if "keys" in change:
        return any(erasure.is_of(change["table"], key) for key in change["keys"])
    _, table, key = row_of(change)
    return erasure.is_of(table, key)


def _without(
    change: dict[str, Any], beside: dict[str, Any], erasure: Erasure, *, only_old: bool
) -> dict[str, Any]:
    """Return what stays beside a change."""
    if not _concerns(change, erasure):
        return beside
    names = change["columns"].split()
    if "keys" in change:
        if only_old:
            return beside  # these are the new values
        if "salt" in beside:
            rows: list[Any] = [
                encode(salt) for salt in derived_salts(decode(beside["salt"]), len(change["keys"]))
            ]
        else:
            rows = beside["rows"]
        return {
            "rows": [
                _salts({"salt": salt} if isinstance(salt, str) else {"salts": salt}, names, 1,
                       erasure.columns)
                if erasure.is_of(change["table"], key) else salt
                for key, salt in zip(change["keys"], rows, strict=True)
            ]
        }  # fmt: skip
    is_update = "set" in change
    if only_old and not is_update:
        return beside
    salts = _salts(beside, names, 1 + is_update, () if only_old else erasure.columns)
    values = dict(beside.get("values", {}))
    for name in erasure.columns.intersection(names):
        if only_old:
            salts[name] = salts[name][-1:]
            values[name] = values.get(name, [])[-1:]
        else:
            values.pop(name, None)
    word: str = "erased_old" if only_old else "erased"
    erased = sorted({*beside.get(word, ()), *erasure.columns.intersection(names)})
    others: dict[str, Any] = {key: beside[key] for key in ("erased", "erased_old") if key in beside}
    kept = {name: value for name, value in values.items() if value != []}
    return {**others, "salts": salts, "values": kept, word: erased}


def _salts(
    beside: Mapping[str, Any], names: list[str], each: int, without: Collection[str]
) -> dict[str, list[str]]:
    """Return the salts of each column but those that are erased."""
    if "salt" in beside:
        derived = derived_salts(decode(beside["salt"]), each * len(names))
        every = {
            name: [encode(salt) for salt in derived[each * number : each * (number + 1)]]
            for number, name in enumerate(names)
        }
    else:
        every = dict(beside.get("salts", {}))
    return {name: salts for name, salts in every.items() if name not in without}
