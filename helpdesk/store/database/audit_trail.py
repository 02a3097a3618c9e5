"""The audit trail in the database: add records, read them, verify the hash chain."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from helpdesk.domain.audit import GENESIS, Actor, Anchor, Record
from helpdesk.domain.text import storable
from helpdesk.store.database.change_log import event_digest
from helpdesk.store.models import AuditHead, AuditRecord, TicketEvent

_HEAD = 1
_BATCH = 2_000
#: How many refused attempts of one person are recorded in a minute at most, so that nobody can
#: flood the trail with them.
REFUSALS_A_MINUTE = 120
#: Among how many of the newest records they are counted.
_COUNTED = 500

_LOCK_HEAD = select(AuditHead.seq, AuditHead.digest).where(AuditHead.id == _HEAD).with_for_update()
_ADVANCE_HEAD = (
    update(AuditHead)
    .where(AuditHead.id == _HEAD)
    .values(seq=bindparam("seq"), digest=bindparam("digest"))
)


def append(session: Session, at: datetime, who: Actor, did: str, what: dict[str, Any]) -> None:
    """Add a record; call it last in a transaction, because it locks the end of the trail.

    :param did: what was done, in a few words.
    :param what: the details; stored as JSON.
    """
    head = session.execute(_LOCK_HEAD).first()
    if head is None:  # the first record of a new desk
        session.add(AuditHead(id=_HEAD, seq=0, digest=GENESIS, events_before=0))
        session.flush()
        head = session.execute(_LOCK_HEAD).one()
    text = json.dumps(what, ensure_ascii=True, separators=(",", ":"))
    record = Record(head.seq + 1, at, who, did, text, head.digest)
    session.add(_row(record))
    session.execute(
        _ADVANCE_HEAD,
        {"seq": record.seq, "digest": record.digest},
        execution_options={"synchronize_session": False},
    )
    session.flush()


def _row(record: Record) -> AuditRecord:
    who = record.who
    return AuditRecord(
        seq=record.seq,
        at=record.at,
        login=who.login,
        address=who.address,
        key=who.key,
        host=who.host,
        did=record.did,
        what=record.what,
        previous=record.previous,
        digest=record.digest,
    )


def _record(row: AuditRecord) -> Record:
    who = Actor(row.login, row.address, row.key, row.host)
    return Record(row.seq, row.at, who, row.did, row.what, row.previous)


def newest(
    session: Session, limit: int, login: str | None = None, *, refused: bool = False
) -> list[Record]:
    """Return the newest records, newest first.

    :param login: only the records of this agent.
    :param refused: only refused attempts.
    """
    statement = select(AuditRecord).order_by(AuditRecord.seq.desc()).limit(limit)
    if login is not None:
        statement = statement.where(AuditRecord.login == storable(login))
    if refused:
        statement = statement.where(AuditRecord.did.startswith("refused"))
    return [_record(row) for row in session.scalars(statement)]


def refusals_of_last_minute(session: Session, now: datetime, login: str) -> int:
    """Return how many refused attempts of a person were recorded within a minute of ``now``."""
    newest_records = (
        select(AuditRecord.at, AuditRecord.login, AuditRecord.did)
        .order_by(AuditRecord.seq.desc())
        .limit(_COUNTED)
        .subquery()
    )
    statement = (
        select(func.count())
        .select_from(newest_records)
        .where(
            newest_records.c.login == storable(login),
            newest_records.c.did.startswith("refused"),
            newest_records.c.at.between(now - timedelta(minutes=1), now + timedelta(minutes=1)),
        )
    )
    return session.scalar(statement) or 0


def newest_at(session: Session) -> datetime | None:
    """Return when the last record was made (UTC), or None if there is none."""
    return session.scalar(select(AuditRecord.at).order_by(AuditRecord.seq.desc()).limit(1))


def end(session: Session, now: datetime) -> Anchor:
    """Return the number and hash of the newest record, as of ``now``."""
    head = session.get(AuditHead, _HEAD)
    return Anchor(head.seq, head.digest, now) if head else Anchor(0, GENESIS, now)


def digest_of(session: Session, seq: int) -> str | None:
    """Return the stored hash of a record, or None if there is no record with that number."""
    return session.scalar(select(AuditRecord.digest).where(AuditRecord.seq == seq))


def faults(session: Session) -> Iterator[str]:
    """Yield a sentence for each place where the trail or a recorded timeline entry was altered.

    Reads the whole trail, in batches.
    """
    head = session.get(AuditHead, _HEAD)
    if head is None:
        if session.scalar(select(TicketEvent.id).limit(1)) is not None:
            yield "the end of the audit trail was removed."
        return
    verification = _Verification(session, head.events_before)
    yield from verification.chain()
    if (verification.seq, verification.digest) != (head.seq, head.digest):
        yield (
            f"the audit trail ends with record {verification.seq} and should end with "
            f"{head.seq}: records were removed from its end, or added outside this program."
        )
    yield from verification.unrecorded_entries()


class _Verification:
    """One pass over the trail; ``seq`` and ``digest`` are those of the last record read."""

    def __init__(self, session: Session, events_before: int) -> None:
        self.seq = 0
        self.digest = GENESIS
        self._session = session
        self._events_before = events_before
        self._recorded_entries = 0
        self._dropped_entries: set[int] = set()

    def chain(self) -> Iterator[str]:
        while True:
            rows = list(
                self._session.scalars(
                    select(AuditRecord)
                    .where(AuditRecord.seq > self.seq)
                    .order_by(AuditRecord.seq)
                    .limit(_BATCH)
                )
            )
            if not rows:
                return
            entries: dict[int, tuple[int, str]] = {}
            for row in rows:
                yield from self._link(row)
                self._collect_entries(row, entries)
            yield from self._compare(entries)
            self._session.expunge_all()

    def _link(self, row: AuditRecord) -> Iterator[str]:
        if row.seq != self.seq + 1:
            yield f"records {self.seq + 1} to {row.seq - 1} of the audit trail were removed."
        elif row.previous != self.digest:
            yield f"record {row.seq} of the audit trail does not follow the one before it."
        if _record(row).digest != row.digest:
            yield f"record {row.seq} of the audit trail was altered."
        self.seq, self.digest = row.seq, row.digest

    def _collect_entries(self, row: AuditRecord, entries: dict[int, tuple[int, str]]) -> None:
        try:
            what = json.loads(row.what)
        except ValueError:
            return  # altered: _link has already reported it
        for entry in what.get("changes", ()):
            if "event" in entry:
                entries[entry["event"]] = (row.seq, entry["sha256"])
            elif entry.get("table") == TicketEvent.__tablename__ and entry.get("bulk") == "insert":
                self._recorded_entries += entry["rows"]
            elif entry.get("drop") == TicketEvent.__tablename__:
                self._dropped_entries.add(int(entry["key"][0]))
        self._recorded_entries += what.get("more_events", 0)

    def _compare(self, entries: dict[int, tuple[int, str]]) -> Iterator[str]:
        self._recorded_entries += len(entries)
        numbers = sorted(entries)
        for start in range(0, len(numbers), 500):
            some = numbers[start : start + 500]
            found = {
                row.id: row
                for row in self._session.scalars(
                    select(TicketEvent).where(TicketEvent.id.in_(some))
                )
            }
            for number in some:
                seq, digest = entries[number]
                row = found.get(number)
                if row is None:
                    if number not in self._dropped_entries:
                        yield f"timeline entry {number} of audit record {seq} was removed."
                elif event_digest(row) != digest:
                    yield f"timeline entry {number} differs from what audit record {seq} says."

    def unrecorded_entries(self) -> Iterator[str]:
        existing = (
            self._session.scalar(
                select(func.count())
                .select_from(TicketEvent)
                .where(TicketEvent.id > self._events_before)
            )
            or 0
        )
        expected = self._recorded_entries - len(self._dropped_entries)
        if existing > expected:
            yield (
                f"the timelines hold {existing - expected} entries that no audit record knows: "
                "they were inserted outside this program."
            )
