"""What a transaction changes, noticed where it is sent to the database, so that no verb can forget.

Each mapped class is of record unless it says ``audited = False``; ``unaudited_columns`` are those
that only follow from others.
"""

from typing import Any

from sqlalchemy import Table, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction

from helpdesk.domain.audit import text_digest
from helpdesk.domain.ticket import ref
from helpdesk.store.database.visibility import SightedSession
from helpdesk.store.models import TicketEvent
from helpdesk.store.models.base import Base

_SHOWN = 120
#: More entries than this are told by their number.
_MOST = 200


class Ledger:
    """The changes of one transaction so far."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self._happened: list[str] = []
        self._events: dict[int, TicketEvent] = {}
        self._marks: dict[SessionTransaction, tuple[int, int, int]] = {}
        self._words: list[str] = []

    def did(self) -> str:
        """Return in a few words what was done."""
        # What happened to tickets says more than which rows were touched.
        words = dict.fromkeys([*self._happened, *self._words])
        text = ", ".join(words)
        return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"

    def particulars(self) -> dict[str, Any]:
        """Return what a record holds of the changes."""
        for entry in self.entries:
            if "event" in entry:
                entry["sha256"] = event_digest(self._events[entry["event"]])
        entries = self.entries[:_MOST]
        if len(self.entries) == len(entries):
            return {"changes": entries}
        rest = self.entries[_MOST:]
        return {
            "changes": entries,
            "more": len(rest),
            "more_events": sum("event" in one for one in rest),
            "sha256": text_digest(rest),
        }

    def mark(self, part: SessionTransaction) -> None:
        """Remember where a part of the transaction begins that may be undone alone."""
        self._marks[part] = (len(self.entries), len(self._happened), len(self._words))

    def undo(self, part: SessionTransaction) -> None:
        """Forget what was changed in a part of the transaction that was undone."""
        entries, happened, words = self._marks.get(part, (0, 0, 0))
        del self.entries[entries:], self._happened[happened:], self._words[words:]

    def note(self, session: Session) -> None:
        """Note what was just sent to the database."""
        for what, rows in (("add", session.new), ("drop", session.deleted)):
            for row in rows:
                if isinstance(row, TicketEvent) and what == "add":
                    self._event(row)
                else:
                    self._row(what, row)
        for row in session.dirty:
            # An entry of a timeline that was begun in this transaction is told as it ends.
            begun = isinstance(row, TicketEvent) and row.id in self._events
            if session.is_modified(row) and not begun:
                self._row("set", row)

    def note_bulk(self, what: str, table: str, count: int) -> None:
        """Note a statement that changed many rows at once."""
        self.entries.append({"bulk": what, "table": table, "rows": count})
        self._words.append(f"{what} {table}")

    def _event(self, row: TicketEvent) -> None:
        number = ref(row.ticket_id)
        self._events[row.id] = row
        self.entries.append({"event": row.id, "ticket": number, "type": row.type})
        self._happened.append(f"{number} {row.type}")

    def _row(self, what: str, row: object) -> None:
        if not isinstance(row, Base) or not getattr(row, "audited", True):
            return
        values = _values(what, row)
        if not values:
            return
        key = [str(part) for part in inspect(row).mapper.primary_key_from_instance(row)]
        table = row.__tablename__
        self.entries.append({what: table, "key": key, "values": values})
        self._words.append(f"{what} {table} {'/'.join(key)}")


def event_digest(row: TicketEvent) -> str:
    """Return the hash by which the trail vouches for an entry of a timeline."""
    return text_digest(
        row.ticket_id, int(row.at.timestamp()), row.actor_id, row.type, row.public, row.text,
        row.data,
    )  # fmt: skip


def _values(what: str, row: Base) -> dict[str, Any]:
    state = inspect(row)
    left_out: frozenset[str] = getattr(row, "unaudited_columns", frozenset())
    found = {}
    for attribute in state.mapper.column_attrs:
        name = attribute.key
        if name in left_out:
            continue
        if what != "set":
            found[name] = _shown(getattr(row, name))
            continue
        history = state.attrs[name].history
        if history.has_changes():
            before = history.deleted[0] if history.deleted else None
            found[name] = [_shown(before), _shown(getattr(row, name))]
    return found


def _shown(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    text = str(value)
    return text if len(text) <= _SHOWN else f"sha256:{text_digest(text)}"


class RecordedSession(SightedSession):
    """A session of a transaction that writes; its ledger holds what was changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.ledger = Ledger()
        super().__init__(*args, **kwargs)


@event.listens_for(RecordedSession, "after_flush")
def _flushed(session: RecordedSession, _: UOWTransaction) -> None:
    session.ledger.note(session)


@event.listens_for(RecordedSession, "after_transaction_create")
def _begun(session: RecordedSession, part: SessionTransaction) -> None:
    session.ledger.mark(part)


@event.listens_for(RecordedSession, "after_soft_rollback")
def _undone(session: RecordedSession, part: SessionTransaction) -> None:
    session.ledger.undo(part)


@event.listens_for(RecordedSession, "do_orm_execute")
def _executed(state: ORMExecuteState) -> Any:
    if not (state.is_insert or state.is_update or state.is_delete):
        return None
    table = getattr(state.statement, "table", None)
    mapper = state.bind_mapper
    if not isinstance(table, Table) or (
        mapper is not None and not getattr(mapper.class_, "audited", True)
    ):
        return None
    what = "insert" if state.is_insert else "update" if state.is_update else "delete"
    result = state.invoke_statement()
    given = state.parameters
    count = len(given) if isinstance(given, list) else getattr(result, "rowcount", -1)
    session = state.session
    if count and isinstance(session, RecordedSession):
        session.ledger.note_bulk(what, table.name, count)
    return result
