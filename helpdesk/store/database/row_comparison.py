"""Compare a row with what the audit records say about it, column by column."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import Any

from helpdesk.domain.audit_digests import (
    DIGEST_BYTES,
    SALT_BYTES,
    UNKNOWN,
    canonical,
    derived_salts,
    digest,
    split_digests,
)
from helpdesk.store.database.audited_tables import AuditedTable
from helpdesk.store.database.row_names import Logins, row_name

#: Where the digest of the whole row ends, behind its salt.
_ROW_END = SALT_BYTES + DIGEST_BYTES


class ChangeForm(Enum):
    """How the payload of a change is to be read.

    ``ROW``: salt, digest of the row, digest of each column.  ``UPDATE``: salt, digests of the old
    and the new value of each column, known old values as JSON.  ``OWN_SALTS``: salt and digest of
    each column; the names of those whose values were erased begin with ``-``.  ``DROP``: nothing.
    """

    ROW = 0
    UPDATE = 1
    OWN_SALTS = 2
    DROP = 3


@dataclass(frozen=True, slots=True)
class ChangeLayout:
    """The columns that a change covers, and how its payload is to be read."""

    form: ChangeForm
    columns: tuple[str, ...]


#: What is known of a column: salt, digest and the number of the record.
KnownValue = tuple[bytes, bytes, int]
#: Number of the record, layout and payload.
KnownChange = tuple[int, ChangeLayout, bytes]


class RowComparison:
    """Compares the rows of one table with what records say about them."""

    def __init__(self, table: AuditedTable, logins: Logins) -> None:
        self._table = table
        self._logins = logins
        self._width = len(table.keys)
        self._whole = ChangeLayout(ChangeForm.ROW, table.columns)

    def merge(
        self,
        rows: Iterator[tuple[Any, ...]],
        recorded: Iterator[tuple[tuple[Any, ...], list[KnownChange]]],
    ) -> Iterator[str]:
        """Compare rows with what records say; yield a sentence for each that differs.

        :param rows: as ``raw_rows`` gives them.
        :param recorded: the key of each row that records know, with its changes, in key order.
        """
        width = self._width
        known = next(recorded, None)
        for row in rows:
            key = row[:width]
            while known is not None and known[0] < key:
                yield from self.missing(*known)
                known = next(recorded, None)
            if known is None or known[0] != key:
                yield self.unknown(row)
                continue
            if not self.is_as_added(row, known[1]):
                yield from self.row(row, known[1])
            known = next(recorded, None)
        while known is not None:
            yield from self.missing(*known)
            known = next(recorded, None)

    def is_as_added(self, row: tuple[Any, ...], changes: list[KnownChange]) -> bool:
        """Whether a row was only ever added and is the same: most are, and this is fast.

        :param row: as ``raw_rows`` gives it.
        """
        _, layout, payload = changes[-1]
        if len(changes) > 1 or (layout is not self._whole and layout != self._whole):
            return False
        self._whole = layout  # the same object is found faster
        whole = sha256(payload[:SALT_BYTES] + ascii(row[self._width :]).encode()).digest()
        return whole[:DIGEST_BYTES] == payload[SALT_BYTES:_ROW_END]

    def row(self, row: Sequence[Any], changes: list[KnownChange]) -> Iterator[str]:
        """Yield a sentence for each column of a row that differs.

        :param row: as ``raw_rows`` gives it.
        :param changes: what the records say about it, oldest first.
        """
        raw = tuple(row[self._width :])
        seq = changes[-1][0]
        name = self._named(row)
        known: dict[str, KnownValue] | None = None
        faults: list[str] = []
        for change in changes:
            known = self._after(name, known, change, faults)
        yield from faults
        if known is None:
            yield (
                f"{name}: audit record {seq} deleted this row; it was put back outside this "
                "program."
            )
            return
        yield from self._differences(name, dict(zip(self._table.columns, raw, strict=True)), known)

    def missing(self, key: tuple[Any, ...], changes: list[KnownChange]) -> Iterator[str]:
        """Yield a sentence if the records know a row that is not there."""
        seq, layout, _ = changes[-1]
        if layout.form is not ChangeForm.DROP:
            name = row_name(
                self._table, dict(zip(self._table.keys, key, strict=True)), self._logins
            )
            yield f"{name}: the row of audit record {seq} was removed."

    def unknown(self, row: Sequence[Any]) -> str:
        """Return the sentence about a row that no record knows."""
        return (
            f"{self._named(row)}: no audit record knows this row; it was inserted outside this "
            "program."
        )

    def _differences(
        self, name: str, row: Mapping[str, Any], known: Mapping[str, KnownValue]
    ) -> Iterator[str]:
        for column, value in row.items():
            condition = self._table.only_with.get(column)
            if column not in known or (condition is not None and row[condition] is None):
                continue
            salt, expected, seq = known[column]
            if digest(salt, canonical(self._table.normal(column, value))) != expected:
                yield f"{name}: {column} differs from what audit record {seq} says."

    def _after(
        self,
        name: str,
        known: dict[str, KnownValue] | None,
        change: KnownChange,
        faults: list[str],
    ) -> dict[str, KnownValue] | None:
        """Return what is known of the columns after a change; None: the row was deleted."""
        seq, layout, payload = change
        if layout.form is ChangeForm.DROP:
            return None
        found = dict(known or {})
        if layout.form is ChangeForm.ROW:
            salts = derived_salts(payload[:SALT_BYTES], len(layout.columns))
            pairs = zip(layout.columns, salts, split_digests(payload[_ROW_END:]), strict=True)
            found.update((column, (salt, value, seq)) for column, salt, value in pairs)
        elif layout.form is ChangeForm.UPDATE:
            self._update(name, found, change, faults)
        else:
            for number, column in enumerate(layout.columns):
                if column.startswith("-"):  # erased: nothing is proven of it
                    found.pop(column[1:], None)
                    continue
                part = payload[_ROW_END * number : _ROW_END * (number + 1)]
                found[column] = (part[:SALT_BYTES], part[SALT_BYTES:], seq)
        return found

    def _update(
        self, name: str, known: dict[str, KnownValue], change: KnownChange, faults: list[str]
    ) -> None:
        """Put the new values into ``known``, after a look at the old ones."""
        seq, layout, payload = change
        count = len(layout.columns)
        end = SALT_BYTES + 2 * count * DIGEST_BYTES
        salts = derived_salts(payload[:SALT_BYTES], 2 * count)
        digests = split_digests(payload[SALT_BYTES:end])
        before = json.loads(payload[end:])
        for number, column in enumerate(layout.columns):
            is_kept = column in before and column not in self._table.only_with
            if column in known and is_kept and digests[2 * number] != UNKNOWN:
                salt, expected, last = known[column]
                value = canonical(self._table.from_plain(column, before[column]))
                if digest(salt, value) != expected:
                    faults.append(
                        f"{name}: {column} was changed outside this program between the audit "
                        f"records {last} and {seq}."
                    )
            known[column] = (salts[2 * number + 1], digests[2 * number + 1], seq)

    def _named(self, row: Sequence[Any]) -> str:
        names = (*self._table.keys, *self._table.columns)
        return row_name(self._table, dict(zip(names, row, strict=True)), self._logins)
