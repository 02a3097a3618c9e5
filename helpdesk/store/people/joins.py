"""Read from the audit trail what the join of two records of one person has changed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.store.database.recorded_change import row_of
from helpdesk.store.models import (
    AuditRecord,
    AuditValues,
    Requester,
    Ticket,
    TicketRequester,
)

_JOINED = "joined_to_id"
_PEOPLE, _FURTHER = Requester.__tablename__, TicketRequester.__tablename__


@dataclass(frozen=True, slots=True)
class Further:
    """A further requester whom a join took off a ticket."""

    ticket: int
    person: int
    via: int
    at: datetime


@dataclass(slots=True)
class JoinChanges:
    """What a join has changed.

    :ivar tickets: the tickets that moved to the other record.
    :ivar removed: the further requesters who were taken off tickets.
    :ivar added: (ticket, record) of those who were added instead.
    :ivar values: record to column to (old value, new value); those that were erased since, or were
        too long to be kept, are missing.
    """

    tickets: list[int] = field(default_factory=list)
    removed: list[Further] = field(default_factory=list)
    added: list[tuple[int, int]] = field(default_factory=list)
    values: dict[int, dict[str, tuple[Any, Any]]] = field(default_factory=dict)


def changes_of(session: Session, number: int) -> JoinChanges | None:
    """Return what the join has changed by which a record was joined; None if it is not on record.

    :param number: the record that was joined to another one.
    """
    first = None
    named = AuditRecord.what.contains(_JOINED, autoescape=True)
    for seq, changes in _records(session, select(AuditRecord.seq).where(named)):
        for change, beside in changes:
            pair = beside.get("values", {}).get(_JOINED)
            if _row(change) != ("set", _PEOPLE, [str(number)]) or pair is None:
                continue
            if pair[-1] is None:
                first = None
            elif pair[0] is None:
                first = seq
    return None if first is None else _changes_from(session, first)


def _changes_from(session: Session, first: int) -> JoinChanges:
    """Return the changes of the transaction whose first record has this number."""
    found = JoinChanges()
    following = select(AuditRecord.seq).where(AuditRecord.seq >= first)
    for seq, changes in _records(session, following, parts_after=first):
        del seq
        for change, beside in changes:
            _add(found, change, beside)
    return found


def _add(found: JoinChanges, change: dict[str, Any], beside: dict[str, Any]) -> None:
    if "keys" in change:
        if change["table"] == Ticket.__tablename__ and "requester_id" in change["columns"].split():
            found.tickets += map(int, change["keys"])
        return
    what, table, key = _row(change)
    values = beside.get("values", {})
    if table == _FURTHER and what == "add":
        found.added.append((int(key[0]), int(key[1])))
    elif table == _FURTHER and what == "drop" and {"via_id", "at"} <= values.keys():
        at = datetime.fromisoformat(values["at"])
        found.removed.append(Further(int(key[0]), int(key[1]), int(values["via_id"]), at))
    elif table == _PEOPLE and what == "set":
        own = found.values.setdefault(int(key[0]), {})
        for name, pair in values.items():
            if len(pair) == 2:
                own[name] = (own[name][0] if name in own else pair[0], pair[1])


def _row(change: dict[str, Any]) -> tuple[str, str, list[Any]]:
    return ("", "", []) if "keys" in change or "columns" not in change else row_of(change)


def _records(
    session: Session, numbers: Any, parts_after: int | None = None
) -> Iterator[tuple[int, list[tuple[dict[str, Any], dict[str, Any]]]]]:
    """Yield (number, changes with what is kept beside each) of records, in order.

    :param parts_after: stop before the first record that is no part of this one's transaction.
    """
    statement = (
        select(AuditRecord.seq, AuditRecord.what, AuditValues.beside)
        .join(AuditValues, AuditValues.seq == AuditRecord.seq)
        .where(AuditRecord.seq.in_(numbers))
        .order_by(AuditRecord.seq)
    )
    for seq, text, beside in session.execute(statement, execution_options={"yield_per": 20}):
        what = json.loads(text)
        if parts_after is not None and seq > parts_after and what.get("part", 1) == 1:
            return
        yield seq, list(zip(what.get("changes", []), json.loads(beside), strict=False))
