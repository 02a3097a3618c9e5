"""Verify the audit trail: its chain, the values beside it, its guards, and the rows it covers."""

import gc
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.domain.audit import GENESIS
from helpdesk.domain.audit_digests import (
    UNKNOWN,
    canonical,
    decode,
    derived_salts,
    digest,
    split_digests,
)
from helpdesk.store.database import audit_guards
from helpdesk.store.database.audit_replay import Replay
from helpdesk.store.database.audit_trail import record_of
from helpdesk.store.database.audited_tables import audited_tables
from helpdesk.store.database.erased_values import Erasures
from helpdesk.store.database.older_entries import OlderEntries
from helpdesk.store.database.raw_rows import any_text
from helpdesk.store.database.record_dates import RecordDates
from helpdesk.store.database.recorded_change import row_of
from helpdesk.store.database.row_names import logins
from helpdesk.store.models import AuditHead, AuditRecord, AuditValues

_HEAD = 1
#: How many records are read at a time; one can hold the digests of 1,000 rows.
_BATCH = 20
_RECORDS = (
    select(*AuditRecord.__table__.c, AuditValues.beside, AuditValues.erased_by)
    .outerjoin(AuditValues, AuditValues.seq == AuditRecord.seq)
    .order_by(AuditRecord.seq)
)


@dataclass(frozen=True, slots=True)
class TrailFindings:
    """What the verification of the trail has found.

    :ivar faults: a sentence for each place where the trail or a row was altered.
    :ivar notes: sentences about what the trail does not prove.
    """

    faults: tuple[str, ...]
    notes: tuple[str, ...]


def verify(session: Session, now: datetime) -> TrailFindings:
    """Read the whole trail and compare every row that it covers.

    :param now: the time of the host's clock, with which the dates of records are compared.
    """
    with any_text(session.connection()):
        verification = _Verification(session, now)
    # Millions of short-lived tuples, none in a ring: looking for rings takes a tenth of the time.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return TrailFindings(tuple(verification.faults()), tuple(verification.notes()))
    finally:
        verification.close()
        if was_enabled:
            gc.enable()


class _Verification:
    """One pass over the trail; ``seq`` and ``digest`` are those of the last record read."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._dates = RecordDates(now)
        self._seq = 0
        self._digest = GENESIS
        self._replay = Replay()
        self._older = OlderEntries(session)
        self._proven_from = 1
        self._events_before = 0
        self._in_baseline = False
        self._has_baseline = False
        self._logins = logins(session)
        self._erasures = Erasures(session, self._logins)

    def close(self) -> None:
        self._replay.close()

    def faults(self) -> Iterator[str]:
        yield from audit_guards.faults(self._session)
        with any_text(self._session.connection()):
            yield from self._chain()
        yield from self._dates.faults(self._proven_from)
        yield from self._end()
        with any_text(self._session.connection()):
            yield from self._older.faults()
        yield from self._orphans()
        yield from self._replay.faults(self._session, self._logins)

    def notes(self) -> Iterator[str]:
        if self._proven_from > 1:
            yield (
                f"records 1 to {self._proven_from - 1} are from before the baseline: what rows "
                f"were then is not proven; it is from record {self._proven_from} on."
            )
        elif self._has_baseline:
            yield (
                "the trail begins with a baseline of rows that were there: what had happened to "
                "them before is not proven."
            )
        if self._erasures.numbers:
            numbers = ", ".join(map(str, self._erasures.numbers))
            yield f"values were erased by the records {numbers}; nothing is proven of them."
        yield from self._dates.notes(self._proven_from)

    def _chain(self) -> Iterator[str]:
        result = self._session.execute(_RECORDS, execution_options={"yield_per": _BATCH})
        for part in result.partitions(_BATCH):
            for row in part:
                yield from self._link(row)
                self._dates.add(row)
                yield from self._details(row)

    def _link(self, row: Any) -> Iterator[str]:
        if row.seq != self._seq + 1:
            yield f"records {self._seq + 1} to {row.seq - 1} of the audit trail were removed."
        elif row.previous != self._digest:
            yield f"record {row.seq} of the audit trail does not follow the one before it."
        if record_of(row).digest != row.digest:
            yield f"record {row.seq} of the audit trail was altered."
        self._seq, self._digest = row.seq, row.digest

    def _details(self, row: Any) -> Iterator[str]:
        try:
            what = json.loads(row.what)
            changes = what.get("changes", [])
            beside = json.loads(row.beside) if row.beside is not None else []
            self._baseline(row.seq, what)
            if not beside and any("columns" in change for change in changes):
                yield f"the values beside record {row.seq} of the audit trail were removed."
                beside = [{} for _ in changes]
            else:
                yield from self._erasures.faults(row.seq, row.erased_by, changes, beside)
            for number, change in enumerate(changes):
                kept = beside[number] if number < len(beside) else {}
                self._older.add(row.seq, change)
                yield from _altered_values(row.seq, change, kept)
                self._replay.add(row.seq, number, change, kept)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            yield f"record {row.seq} of the audit trail, or what is kept beside it, is unreadable."

    def _baseline(self, seq: int, what: dict[str, Any]) -> None:
        if what.get("baseline") and not self._in_baseline:
            self._proven_from = seq
            self._has_baseline = True
            self._events_before = what.get("events_before", 0)
        self._in_baseline = bool(what.get("baseline"))

    def _end(self) -> Iterator[str]:
        head = self._session.execute(
            select(AuditHead.seq, AuditHead.digest, AuditHead.events_before).where(
                AuditHead.id == _HEAD
            )
        ).first()
        if head is None:
            yield "the end of the audit trail was removed."
            return
        if (self._seq, self._digest) != (head.seq, head.digest):
            yield (
                f"the audit trail ends with record {self._seq} and should end with "
                f"{head.seq}: records were removed from its end, or added outside this program."
            )
        if head.events_before != self._events_before:
            yield (
                "the audit trail's head was altered: its events_before is "
                f"{head.events_before} and should be {self._events_before}."
            )

    def _orphans(self) -> Iterator[str]:
        statement = (
            select(AuditValues.seq)
            .outerjoin(AuditRecord, AuditRecord.seq == AuditValues.seq)
            .where(AuditRecord.seq.is_(None))
            .order_by(AuditValues.seq)
            .limit(1)
        )
        seq = self._session.scalar(statement)
        if seq is not None:
            yield f"audit_values holds values of record {seq}, which is not in the audit trail."


def _altered_values(seq: int, change: dict[str, Any], kept: dict[str, Any]) -> Iterator[str]:
    """Yield a sentence if the values kept beside a change are not those that it covers."""
    values = kept.get("values")
    if not values or "columns" not in change:
        return
    table = audited_tables().get(row_of(change)[1])
    if table is None:
        return
    columns = change["columns"].split()
    for column, value, salt, expected in _covered(change, kept, columns):
        if expected == UNKNOWN:
            continue
        if digest(salt, canonical(table.from_plain(column, value))) != expected:
            yield f"the value of {column} beside record {seq} of the audit trail was altered."


def _covered(
    change: dict[str, Any], kept: dict[str, Any], columns: list[str]
) -> Iterator[tuple[str, Any, bytes, bytes]]:
    """Yield (column, value, salt, digest) of each value that is kept beside a change."""
    values = kept["values"]
    expected = split_digests(decode(change["sha256"]))
    if "set" not in change:
        salts = _salts(kept, columns, 1)
        for number, column in enumerate(columns):
            if column in values and column in salts:
                yield column, values[column], salts[column][0], expected[number + 1]
        return
    salts = _salts(kept, columns, 2)
    for number, column in enumerate(columns):
        if column in values and column in salts:
            # The old value may be unknown or erased.
            pairs = zip(salts[column][::-1], values[column][::-1], expected[2 * number + 1 :: -1])  # noqa: B905
            for salt, value, one in pairs:
                yield column, value, salt, one


def _salts(kept: dict[str, Any], columns: list[str], each: int) -> dict[str, list[bytes]]:
    """Return the salts of each column that was not erased."""
    if "salt" not in kept:
        own = kept.get("salts", {})
        return {column: [decode(salt) for salt in salts] for column, salts in own.items()}
    derived = derived_salts(decode(kept["salt"]), each * len(columns))
    return {
        column: derived[each * number : each * (number + 1)]
        for number, column in enumerate(columns)
    }
