"""The audit trail in the database: add records and read them."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Session

from helpdesk.domain.audit import CLOCK_CONFIRMED, GENESIS, Actor, Anchor, Record
from helpdesk.domain.text import storable
from helpdesk.store.database.recorded_change import RecordedChange, with_values
from helpdesk.store.models import AuditHead, AuditRecord, AuditValues

_HEAD = 1
#: How many refused attempts of one person are recorded in a minute at most, so that nobody can
#: flood the trail with them.
REFUSALS_A_MINUTE = 120
#: Among how many of the newest records they are counted.
_COUNTED = 500

_LOCK_HEAD = (
    select(AuditHead.seq, AuditHead.digest, AuditRecord.at)
    .outerjoin(AuditRecord, AuditRecord.seq == AuditHead.seq)
    .where(AuditHead.id == _HEAD)
    .with_for_update(of=AuditHead)
)
_INSERT_RECORD = insert(AuditRecord)
_INSERT_VALUES = insert(AuditValues)
_ADVANCE_HEAD = (
    update(AuditHead)
    .where(AuditHead.id == _HEAD)
    .values(seq=bindparam("seq"), digest=bindparam("digest"))
)


def append(
    session: Session,
    at: datetime,
    who: Actor,
    did: str,
    what: dict[str, Any],
    changes: Sequence[RecordedChange] = (),
) -> int:
    """Add a record and return its number; call it last, because it locks the end of the trail.

    :param at: when it happened; an earlier time than that of the previous record becomes that one,
        unless this record confirms the host's clock.
    :param did: what was done, in a few words.
    :param what: the details; stored as JSON.
    :param changes: the changes of rows; the record gets what they hold, the rest is kept beside it.
    """
    head = session.execute(_LOCK_HEAD).first()
    if head is None:  # the first record of a new desk
        session.add(AuditHead(id=_HEAD, seq=0, digest=GENESIS, events_before=0))
        session.flush()
        head = session.execute(_LOCK_HEAD).one()
    if changes:
        what = {**what, "changes": [change.what for change in changes]}
    if head.at is not None and did != CLOCK_CONFIRMED:
        at = max(at, head.at)
    record = Record(head.seq + 1, at, who, did, _compact(what), head.digest)
    session.execute(_INSERT_RECORD, _row(record))
    if changes:
        beside = _compact([change.beside for change in changes])
        session.execute(_INSERT_VALUES, {"seq": record.seq, "beside": beside})
    session.execute(
        _ADVANCE_HEAD,
        {"seq": record.seq, "digest": record.digest},
        execution_options={"synchronize_session": False},
    )
    return record.seq


def append_all(
    session: Session,
    at: datetime,
    who: Actor,
    did: str,
    parts: Iterable[Sequence[RecordedChange]],
) -> None:
    """Add the records of one transaction, one for each part of its changes."""
    for number, part in enumerate(parts, 1):
        append(session, at, who, did, {"part": number} if number > 1 else {}, part)


def _compact(document: object) -> str:
    return json.dumps(document, ensure_ascii=True, separators=(",", ":"))


def _row(record: Record) -> dict[str, Any]:
    who = record.who
    return {
        "seq": record.seq,
        "at": record.at,
        "login": who.login,
        "address": who.address,
        "key": who.key,
        "host": who.host,
        "did": record.did,
        "what": record.what,
        "previous": record.previous,
        "digest": record.digest,
    }


def record_of(row: Any) -> Record:
    """Return the record in a row of its table."""
    who = Actor(row.login, row.address, row.key, row.host)
    return Record(row.seq, row.at, who, row.did, row.what, row.previous)


def newest(
    session: Session,
    limit: int,
    login: str | None = None,
    *,
    refused: bool = False,
    between: tuple[datetime, datetime] | None = None,
    ticket: str = "",
) -> list[Record]:
    """Return the newest records, newest first.

    :param login: only the records of this agent.
    :param refused: only refused attempts.
    :param between: only those of ``[start, end)``.
    :param ticket: only those about the ticket with this reference.
    """
    statement = select(AuditRecord).order_by(AuditRecord.seq.desc()).limit(limit)
    if login is not None:
        statement = statement.where(AuditRecord.login == storable(login))
    if refused:
        statement = statement.where(AuditRecord.did.startswith("refused"))
    if between is not None:
        statement = statement.where(AuditRecord.at >= between[0], AuditRecord.at < between[1])
    if ticket:
        # Timeline entries name the ticket; uses (an export of one ticket) name it as the query.
        statement = statement.where(
            or_(
                *(
                    AuditRecord.what.contains(f'"{key}":"{ticket}"', autoescape=True)
                    for key in ("ticket", "query")
                )
            )
        )
    return [record_of(row) for row in session.scalars(statement)]


def shown(session: Session, record: Record) -> dict[str, Any]:
    """Return the details of a record with the values that are kept beside it."""
    what: dict[str, Any] = json.loads(record.what)
    text = session.scalar(select(AuditValues.beside).where(AuditValues.seq == record.seq))
    beside = json.loads(text) if text else []
    if beside:
        what["changes"] = [
            with_values(change, kept) for change, kept in zip(what["changes"], beside, strict=False)
        ]
    return what


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
