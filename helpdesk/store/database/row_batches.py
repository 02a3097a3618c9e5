"""Rows that one audit record added, which are compared at once while none of them was changed."""

import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.domain.audit_digests import decode, derived_salts, rows_digest
from helpdesk.store.models import AuditRecord

#: The key of a row.
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class RowBatch:
    """Rows of one table that one change of a record added.

    :ivar seq: the number of the record.
    :ivar change: which of the record's changes it is, from 0.
    :ivar number: how many changes of rows the records before it hold.
    :ivar first: the lowest key, and ``last`` the highest.
    :ivar digest: the digest of all rows.
    """

    seq: int
    change: int
    number: int
    rows: int
    first: Key
    last: Key
    salt: bytes
    digest: bytes

    def is_whole(self, rows: list[tuple[Any, ...]]) -> bool:
        """Whether these are the rows as they were added, as ``raw_rows`` gives them."""
        return rows_digest(self.salt, rows) == self.digest

    def payloads(self, session: Session) -> list[tuple[Key, int, bytes]]:
        """Return (key, number of the change of the row, salt and digests) of each row by key.

        A record that is damaged vouches for no row; that it was altered is found from its hash.
        """
        statement = select(AuditRecord.what).where(AuditRecord.seq == self.seq)
        changes = json.loads(session.execute(statement).scalar_one())["changes"]
        try:
            return payloads_of(changes[self.change], self)
        except (ValueError, TypeError):
            return []


def payloads_of(change: dict[str, Any], batch: RowBatch) -> list[tuple[Key, int, bytes]]:
    """Return (key, number of the change of the row, salt and digests) of each row by key."""
    keys = keys_of(change)
    rows = zip(keys, change["sha256"], derived_salts(batch.salt, len(keys)), strict=True)
    return sorted(
        (tuple(key), batch.number + place, salt + decode(text))
        for place, (key, text, salt) in enumerate(rows, 1)
    )


def keys_of(change: dict[str, Any]) -> list[list[Any]]:
    """Return the keys of the rows of a change of many."""
    return [key if isinstance(key, list) else [key] for key in change["keys"]]


def apart(batches: Iterable[RowBatch]) -> Iterator[tuple[RowBatch, bool]]:
    """Yield the batches by key, and whether no other one lies among the rows of each."""
    ordered = sorted(batches, key=lambda batch: batch.first)
    end: Key | None = None
    for place, batch in enumerate(ordered):
        is_behind = end is None or end < batch.first
        is_before = place + 1 == len(ordered) or batch.last < ordered[place + 1].first
        yield batch, is_behind and is_before
        end = batch.last if end is None else max(end, batch.last)


class OrderedRows:
    """Rows by key, which can be taken up to a key.

    :param rows: tuples that begin with the key.
    :param width: the number of columns of the key.
    """

    def __init__(self, rows: Iterator[tuple[Any, ...]], width: int) -> None:
        self._rows = rows
        self._width = width
        self._returned: deque[tuple[Any, ...]] = deque()

    def take(self, count: int) -> list[tuple[Any, ...]]:
        """Take the next rows."""
        found = [self._returned.popleft() for _ in range(min(count, len(self._returned)))]
        found += islice(self._rows, count - len(found))
        return found

    def give_back(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Give back rows that were taken last."""
        self._returned.extendleft(reversed(rows))

    def before(self, key: Key) -> Iterator[tuple[Any, ...]]:
        """Take the rows before a key."""
        for row in self.rest():
            if row[: self._width] >= key:
                self._returned.appendleft(row)
                return
            yield row

    def through(self, key: Key) -> Iterator[tuple[Any, ...]]:
        """Take the rows up to a key."""
        for row in self.rest():
            if row[: self._width] > key:
                self._returned.appendleft(row)
                return
            yield row

    def rest(self) -> Iterator[tuple[Any, ...]]:
        """Take all rows that are left."""
        while self._returned:
            yield self._returned.popleft()
        for row in self._rows:  # noqa: UP028 - "yield from" would close them with this generator
            yield row
