"""Compare timeline entries with the records that versions before schema 0012 have written.

Such a record holds an unsalted hash of each timeline entry, of the first 200 of an action.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.domain.audit import text_digest
from helpdesk.store.models import TicketEvent

_BATCH = 5_000
_CHUNK = 500


class OlderEntries:
    """The timeline entries that older records know."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting: dict[int, tuple[int, str]] = {}
        self._missing: dict[int, int] = {}
        self._dropped: set[int] = set()
        self._faults: list[str] = []

    def add(self, seq: int, change: dict[str, Any]) -> None:
        """Add a change of a record."""
        if change.get("drop") == TicketEvent.__tablename__:
            self._dropped.add(int(change["key"][0]))
        elif "event" in change and "columns" not in change:
            self._waiting[change["event"]] = (seq, change["sha256"])
            if len(self._waiting) >= _BATCH:
                self._compare()

    def faults(self) -> Iterator[str]:
        """Yield a sentence for each entry that was altered or removed."""
        self._compare()
        yield from self._faults
        for number, seq in self._missing.items():
            if number not in self._dropped:
                yield f"ticket_events, entry {number} of audit record {seq} was removed."

    def _compare(self) -> None:
        numbers = sorted(self._waiting)
        table = TicketEvent.__table__
        for start in range(0, len(numbers), _CHUNK):
            some = numbers[start : start + _CHUNK]
            there = select(table.c.id).where(table.c.id.in_(some))
            present = set(self._session.execute(there).scalars())
            found = self._digests(some)
            for number in some:
                seq, expected = self._waiting[number]
                if number not in present:
                    self._missing[number] = seq
                elif found.get(number) != expected:
                    self._faults.append(
                        f"ticket_events, entry {number} differs from what audit record {seq} says."
                    )
        self._waiting.clear()

    def _digests(self, numbers: list[int]) -> dict[int, str]:
        """Return the hash of each entry by its number; without those that cannot be read."""
        table = TicketEvent.__table__
        statement = select(table).where(table.c.id.in_(numbers))
        try:
            return {row.id: event_digest(row) for row in self._session.execute(statement)}
        except (ValueError, TypeError, LookupError, OverflowError, OSError):
            if len(numbers) == 1:
                return {}
        half = len(numbers) // 2
        return {**self._digests(numbers[:half]), **self._digests(numbers[half:])}


def event_digest(row: Any) -> str:
    """Return the hash of a timeline entry that an older record holds."""
    return text_digest(
        row.ticket_id, int(row.at.timestamp()), row.actor_id, row.type, row.public, row.text,
        row.data,
    )  # fmt: skip
