"""Replay the audit trail into what each row is to be, and compare that with the rows.

What the records say is collected in a temporary SQLite file, ordered by row, so that a desk of any
size takes little memory.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.domain.audit_digests import decode, split_digests
from helpdesk.store.database.audited_tables import AuditedTable, audited_tables
from helpdesk.store.database.raw_rows import raw_rows
from helpdesk.store.database.recorded_change import row_of
from helpdesk.store.database.row_batches import (
    Key,
    OrderedRows,
    RowBatch,
    apart,
    keys_of,
    payloads_of,
)
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
        self._batches: dict[str, list[RowBatch]] = {name: [] for name in self._tables}
        self._count = 0

    def close(self) -> None:
        """Remove the temporary file."""
        self._file.close()

    def add(self, seq: int, number: int, change: dict[str, Any], beside: dict[str, Any]) -> None:
        """Add one change of a record.

        :param number: which of the record's changes it is, from 0.
        :param beside: what is kept beside the record for this change.
        :raises ValueError: if the change is damaged.
        """
        if "columns" not in change:
            return  # of an older version, which put down no digests
        if "keys" in change:
            self._add_rows(seq, number, change, beside)
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

    def _add_rows(
        self, seq: int, number: int, change: dict[str, Any], beside: dict[str, Any]
    ) -> None:
        name = change["table"]
        if name not in self._tables:
            return
        keys = keys_of(change)
        if change["bulk"] == "drop":
            for key in keys:
                self._put(seq, name, key, ChangeLayout(ChangeForm.DROP, ()), b"")
            return
        if "salt" not in beside:
            for key, text, salt in zip(keys, change["sha256"], beside["rows"], strict=True):
                one = {"add": name, "key": key, "columns": change["columns"], "sha256": text}
                own = {"salt": salt} if isinstance(salt, str) else {"salts": salt}
                self.add(seq, number, one, own)
            return
        batch = RowBatch(
            seq, number, self._count, len(keys), tuple(min(keys)), tuple(max(keys)),
            decode(beside["salt"]), decode(change.get("all", "")),
        )  # fmt: skip
        self._count += len(keys)
        if "all" in change and change["columns"] == " ".join(self._tables[name].columns):
            self._batches[name].append(batch)
        else:
            self._put_batch(name, change["columns"], batch, payloads_of(change, batch))

    def _put_batch(
        self, name: str, columns: str, batch: RowBatch, rows: Iterable[tuple[Key, int, bytes]]
    ) -> None:
        """Add each row of a batch."""
        layout = ChangeLayout(ChangeForm.ROW, tuple(columns.split()))
        of_layout = self._layouts.setdefault(layout, len(self._layouts))
        waiting = self._waiting[name]
        waiting += [(*key, number, batch.seq, of_layout, payload) for key, number, payload in rows]
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
        whole = ChangeLayout(ChangeForm.ROW, table.columns)
        batches = self._unchanged_batches(session, table)
        width = len(table.keys)
        rows = OrderedRows(raw_rows(session, table), width)
        known = OrderedRows(self._recorded(table), 1)
        compare = RowComparison(table, logins)
        for batch in batches:
            yield from compare.merge(rows.before(batch.first), known.before((batch.first,)))
            some = rows.take(batch.rows)
            if not batch.is_whole(some):
                rows.give_back(some)
                added = (
                    (key, [(batch.seq, whole, payload)])
                    for key, _, payload in batch.payloads(session)
                )
                yield from compare.merge(rows.through(batch.last), added)
        yield from compare.merge(rows.rest(), known.rest())

    def _unchanged_batches(self, session: Session, table: AuditedTable) -> list[RowBatch]:
        """Return the batches that no other change touches; add the rows of all others."""
        unchanged = []
        columns = " ".join(table.columns)
        for batch, is_apart in apart(self._batches[table.name]):
            if is_apart and not self._has_changes(table, batch):
                unchanged.append(batch)
            else:
                self._put_batch(table.name, columns, batch, batch.payloads(session))
        self._write(table.name)
        return unchanged

    def _has_changes(self, table: AuditedTable, batch: RowBatch) -> bool:
        """Whether there are changes of single rows between the first and the last of a batch."""
        names = _key_columns(table)
        places = ", ".join("?" * len(table.keys))
        statement = (
            f"SELECT 1 FROM {table.name} WHERE ({names}) >= ({places}) "  # noqa: S608
            f"AND ({names}) <= ({places}) LIMIT 1"
        )
        found = self._file.execute(statement, (*batch.first, *batch.last)).fetchone()
        return found is not None


def _key_columns(table: AuditedTable) -> str:
    return ", ".join(f"k{number}" for number in range(len(table.keys)))
