"""Replay the audit trail into what each row is to be, and compare that with the rows.

What the records say is collected in a temporary SQLite file, ordered by row, so that a desk of any
size takes little memory.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.domain.audit_digests import decode, derived_salts, split_digests
from helpdesk.store.database.audited_tables import AuditedTable, audited_tables
from helpdesk.store.database.raw_rows import raw_rows
from helpdesk.store.database.recorded_change import row_of
from helpdesk.store.database.row_comparison import (
    ChangeForm,
    ChangeLayout,
    KnownChange,
    RowComparison,
)
from helpdesk.store.database.row_names import Logins

#: How many faults of one table are named; the others are counted.
_MOST_NAMED = 20
#: How many changes are written at a time.
_CHUNK = 5_000


class Replay:
    """What the records read so far say about each row."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.execute("PRAGMA cache_size=-8000")
        self._file.execute("PRAGMA journal_mode=OFF")
        self._file.execute("BEGIN")
        self._tables = audited_tables()
        for table in self._tables.values():
            keys = _key_columns(table)
            self._file.execute(
                f"CREATE TABLE {table.name} ({keys}, number INTEGER, seq INTEGER, layout INTEGER, "
                f"payload BLOB, PRIMARY KEY ({keys}, number)) WITHOUT ROWID"
            )
        self._layouts: dict[ChangeLayout, int] = {}
        self._waiting: dict[str, list[tuple[Any, ...]]] = {name: [] for name in self._tables}
        self._count = 0

    def close(self) -> None:
        """Remove the temporary file."""
        self._file.close()

    def add(self, seq: int, change: dict[str, Any], beside: dict[str, Any]) -> None:
        """Add one change of a record.

        :param beside: what is kept beside the record for this change.
        :raises ValueError: if the change is damaged.
        """
        if "columns" not in change:
            return  # of an older version, which put down no digests
        if "keys" in change:
            self._add_rows(seq, change, beside)
            return
        what, name, key = row_of(change)
        if name not in self._tables:
            return
        columns = tuple(change["columns"].split())
        if what == "drop":
            self._put(seq, name, key, ChangeLayout(ChangeForm.DROP, ()), b"")
            return
        raw = decode(change["sha256"])
        if "salt" not in beside:
            self._add_erased(seq, name, key, (what, columns, raw), beside.get("salts", {}))
            return
        payload = decode(beside["salt"]) + raw
        if what == "set":
            before = {column: pair[0] for column, pair in beside["values"].items() if len(pair) > 1}
            payload += json.dumps(before).encode()
        form = ChangeForm.UPDATE if what == "set" else ChangeForm.ROW
        self._put(seq, name, key, ChangeLayout(form, columns), payload)

    def _add_erased(
        self,
        seq: int,
        name: str,
        key: Sequence[Any],
        change: tuple[str, tuple[str, ...], bytes],
        salts: Mapping[str, list[str]],
    ) -> None:
        """Add a change of which some values were erased; the others have salts of their own."""
        what, columns, raw = change
        every = split_digests(raw)
        of_new = every[1::2] if what == "set" else every[1:]
        kept = [column for column in columns if column in salts]
        gone = [f"-{column}" for column in columns if column not in salts]
        known = dict(zip(columns, of_new, strict=True))
        payload = b"".join([decode(salts[column][-1]) + known[column] for column in kept])
        self._put(seq, name, key, ChangeLayout(ChangeForm.OWN_SALTS, (*kept, *gone)), payload)

    def _add_rows(self, seq: int, change: dict[str, Any], beside: dict[str, Any]) -> None:
        name = change["table"]
        if name not in self._tables:
            return
        keys = [key if isinstance(key, list) else [key] for key in change["keys"]]
        if change["bulk"] == "drop":
            for key in keys:
                self._put(seq, name, key, ChangeLayout(ChangeForm.DROP, ()), b"")
            return
        if "salt" in beside:
            salts = derived_salts(decode(beside["salt"]), len(keys))
            self._put_rows(seq, change, keys, salts)
            return
        for key, text, salt in zip(keys, change["sha256"], beside["rows"], strict=True):
            one = {"add": name, "key": key, "columns": change["columns"], "sha256": text}
            self.add(seq, one, {"salt": salt} if isinstance(salt, str) else {"salts": salt})

    def _put_rows(
        self, seq: int, change: dict[str, Any], keys: list[list[Any]], salts: list[bytes]
    ) -> None:
        """Add many rows at once: most of a large desk came so."""
        name = change["table"]
        layout = ChangeLayout(ChangeForm.ROW, tuple(change["columns"].split()))
        of_layout = self._layouts.setdefault(layout, len(self._layouts))
        waiting, count = self._waiting[name], self._count
        for key, text, salt in zip(keys, change["sha256"], salts, strict=True):
            count += 1
            waiting.append((*key, count, seq, of_layout, salt + decode(text)))
        self._count = count
        if len(waiting) >= _CHUNK:
            self._write(name)

    def _put(
        self, seq: int, name: str, key: Sequence[Any], layout: ChangeLayout, payload: bytes
    ) -> None:
        parts = [
            str(part) if is_text else int(part)
            for part, is_text in zip(key, self._tables[name].text_keys, strict=True)
        ]
        number = self._layouts.setdefault(layout, len(self._layouts))
        self._count += 1
        waiting = self._waiting[name]
        waiting.append((*parts, self._count, seq, number, payload))
        if len(waiting) >= _CHUNK:
            self._write(name)

    def _write(self, name: str) -> None:
        places = ", ".join("?" * (len(self._tables[name].keys) + 4))
        self._file.executemany(f"INSERT INTO {name} VALUES ({places})", self._waiting[name])  # noqa: S608
        self._waiting[name].clear()

    def faults(self, session: Session, logins: Logins) -> Iterator[str]:
        """Compare the rows of every audited table; yield a sentence for each that differs."""
        for table in self._tables.values():
            self._write(table.name)
            count = 0
            for fault in self._compare(session, table, logins):
                count += 1
                if count <= _MOST_NAMED:
                    yield fault
            if count > _MOST_NAMED:
                yield f"{table.name}: and {count - _MOST_NAMED:,} more that differ."

    def _recorded(self, table: AuditedTable) -> Iterator[tuple[tuple[Any, ...], list[KnownChange]]]:
        """Yield the key of each row that records know, with its changes, in key order."""
        layouts = list(self._layouts)
        names = _key_columns(table)
        statement = (
            f"SELECT seq, layout, payload, {names} FROM {table.name} "  # noqa: S608
            f"ORDER BY {names}, number"
        )
        last: tuple[Any, ...] | None = None
        changes: list[KnownChange] = []
        with closing(self._file.execute(statement)) as cursor:
            for seq, number, payload, *parts in cursor:
                key = tuple(parts)
                if key != last:
                    if last is not None:
                        yield last, changes
                    last, changes = key, []
                changes.append((seq, layouts[number], payload))
        if last is not None:
            yield last, changes

    def _compare(self, session: Session, table: AuditedTable, logins: Logins) -> Iterator[str]:
        width = len(table.keys)
        recorded = self._recorded(table)
        known = next(recorded, None)
        compare = RowComparison(table, logins)
        for row in raw_rows(session, table):
            key = tuple(row[:width])
            while known is not None and known[0] < key:
                yield from compare.missing(*known)
                known = next(recorded, None)
            if known is not None and known[0] == key:
                if not compare.is_as_added(row, known[1]):
                    yield from compare.row(row, known[1])
                known = next(recorded, None)
            else:
                yield compare.unknown(row)
        while known is not None:
            yield from compare.missing(*known)
            known = next(recorded, None)


def _key_columns(table: AuditedTable) -> str:
    return ", ".join(f"k{number}" for number in range(len(table.keys)))
