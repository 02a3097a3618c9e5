"""Record the changes of a transaction for the audit trail.

Session events collect them when they are sent to the database, so that no use case can forget one.
Every mapped class is recorded unless it sets ``audited = False``; ``unaudited_columns`` are derived
from other columns and are left out.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction

from helpdesk.domain.audit import text_digest
from helpdesk.domain.ticket import ref
from helpdesk.store.database.visibility import FilteredSession
from helpdesk.store.models import TicketEvent
from helpdesk.store.models.base import Base

#: Longer texts are cut (summary) or replaced by their hash (values), in characters.
_MAX_TEXT = 120
#: Of a longer list of changes only the first are stored; the others are counted and hashed.
_MAX_ENTRIES = 200


class ChangeLog:
    """The changes of one transaction so far."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self._ticket_words: list[str] = []
        self._events: dict[int, TicketEvent] = {}
        self._savepoints: dict[SessionTransaction, tuple[int, int, int]] = {}
        self._row_words: list[str] = []

    def did(self) -> str:
        """Return in a few words what was done."""
        # Ticket events come first: they say more than the names of changed rows.
        return _joined([*self._ticket_words, *self._row_words])

    def ticket_words(self) -> str:
        """Return in a few words the timeline entries that were made."""
        return _joined(self._ticket_words)

    def details(self) -> dict[str, Any]:
        """Return the changes in the form in which an audit record stores them."""
        for entry in self.entries:
            if "event" in entry:
                entry["sha256"] = event_digest(self._events[entry["event"]])
        entries = self.entries[:_MAX_ENTRIES]
        if len(self.entries) == len(entries):
            return {"changes": entries}
        rest = self.entries[_MAX_ENTRIES:]
        return {
            "changes": entries,
            "more": len(rest),
            "more_events": sum("event" in entry for entry in rest),
            "sha256": text_digest(rest),
        }

    def begin(self, part: SessionTransaction) -> None:
        """Remember where a transaction or savepoint begins, as it may be rolled back alone."""
        self._savepoints[part] = (
            len(self.entries), len(self._ticket_words), len(self._row_words)
        )  # fmt: skip

    def roll_back(self, part: SessionTransaction) -> None:
        """Forget the changes of a transaction or savepoint that was rolled back."""
        entries, ticket_words, row_words = self._savepoints.get(part, (0, 0, 0))
        del self.entries[entries:], self._ticket_words[ticket_words:], self._row_words[row_words:]

    def add_flushed(self, session: Session) -> None:
        """Add the rows that were just sent to the database."""
        for what, rows in (("add", session.new), ("drop", session.deleted)):
            for row in rows:
                if isinstance(row, TicketEvent) and what == "add":
                    self._event(row)
                else:
                    self._row(what, row)
        for row in session.dirty:
            # A timeline entry added in this transaction is recorded in its final form.
            is_new_entry = isinstance(row, TicketEvent) and row.id in self._events
            if session.is_modified(row) and not is_new_entry:
                self._row("set", row)

    def add_bulk(self, what: str, table: str, count: int) -> None:
        """Add a statement that changed many rows at once."""
        self.entries.append({"bulk": what, "table": table, "rows": count})
        self._row_words.append(f"{what} {table}")

    def _event(self, row: TicketEvent) -> None:
        number = ref(row.ticket_id)
        self._events[row.id] = row
        self.entries.append({"event": row.id, "ticket": number, "type": row.type})
        self._ticket_words.append(f"{number} {row.type}")

    def _row(self, what: str, row: object) -> None:
        if not isinstance(row, Base) or not getattr(row, "audited", True):
            return
        values = _values(what, row)
        if not values:
            return
        key = [str(part) for part in inspect(row).mapper.primary_key_from_instance(row)]
        table = row.__tablename__
        self.entries.append({what: table, "key": key, "values": values})
        self._row_words.append(f"{what} {table} {'/'.join(key)}")


def _joined(words: Iterable[str]) -> str:
    text = ", ".join(dict.fromkeys(words))
    return text if len(text) <= _MAX_TEXT else f"{text[: _MAX_TEXT - 1]}…"


def event_digest(row: TicketEvent) -> str:
    """Return the hash of a timeline entry that the audit trail stores, to detect tampering."""
    return text_digest(
        row.ticket_id, int(row.at.timestamp()), row.actor_id, row.type, row.public, row.text,
        row.data,
    )  # fmt: skip


def _values(what: str, row: Base) -> dict[str, Any]:
    state = inspect(row)
    unaudited: frozenset[str] = getattr(row, "unaudited_columns", frozenset())
    found = {}
    for attribute in state.mapper.column_attrs:
        name = attribute.key
        if name in unaudited:
            continue
        if what != "set":
            found[name] = _short(getattr(row, name))
            continue
        history = state.attrs[name].history
        if history.has_changes():
            before = history.deleted[0] if history.deleted else None
            found[name] = [_short(before), _short(getattr(row, name))]
    return found


def _short(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    text = str(value)
    return text if len(text) <= _MAX_TEXT else f"sha256:{text_digest(text)}"


class AuditedSession(FilteredSession):
    """The session of a write transaction; its ``change_log`` collects the changes."""

    only_reads = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.change_log = ChangeLog()
        super().__init__(*args, **kwargs)


@event.listens_for(AuditedSession, "after_flush")
def _flushed(session: AuditedSession, _: UOWTransaction) -> None:
    session.change_log.add_flushed(session)


@event.listens_for(AuditedSession, "after_transaction_create")
def _begun(session: AuditedSession, part: SessionTransaction) -> None:
    session.change_log.begin(part)


@event.listens_for(AuditedSession, "after_soft_rollback")
def _undone(session: AuditedSession, part: SessionTransaction) -> None:
    session.change_log.roll_back(part)


@event.listens_for(AuditedSession, "do_orm_execute")
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
    rows = state.parameters
    count = len(rows) if isinstance(rows, list) else getattr(result, "rowcount", -1)
    session = state.session
    if count and isinstance(session, AuditedSession):
        session.change_log.add_bulk(what, table.name, count)
    return result
