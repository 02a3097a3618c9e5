"""Record the changes of a transaction for the audit trail.

Session events collect them when they are sent to the database, so that no use case can forget one.
Every mapped class is recorded unless it sets ``audited = False``; ``unaudited_columns`` are derived
from other columns and are left out.  Statements that change many rows are recorded row by row.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Delete, Table, Update, event, inspect, select, tuple_
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction

from helpdesk.domain.ticket import ref
from helpdesk.store.database.audit_erasure import Erasure
from helpdesk.store.database.audited_tables import AuditedTable, Stored, audited_tables, key_words
from helpdesk.store.database.recorded_change import (
    ROWS_PER_RECORD,
    RecordedChange,
    changed_rows,
    grouped,
    one_row,
    one_update,
    timeline_entry,
)
from helpdesk.store.database.visibility import FilteredSession
from helpdesk.store.models import TicketEvent
from helpdesk.store.models.base import Base

#: A longer summary is cut, in characters.
_MAX_TEXT = 120
#: How many rows are read in one statement.
_CHUNK = 500


class ChangeLog:
    """The changes of one transaction so far."""

    def __init__(self) -> None:
        self.entries: list[RecordedChange | TicketEvent] = []
        self._ticket_words: list[str] = []
        self._new_entries: set[int] = set()
        self._savepoints: dict[SessionTransaction, tuple[int, int, int]] = {}
        self._row_words: list[str] = []
        self.erasures: list[Erasure] = []

    def did(self) -> str:
        """Return in a few words what was done."""
        # Ticket events come first: they say more than the names of changed rows.
        return _joined([*self._ticket_words, *self._row_words])

    def ticket_words(self) -> str:
        """Return in a few words the timeline entries that were made."""
        return _joined(self._ticket_words)

    def parts(self) -> Iterator[list[RecordedChange]]:
        """Yield the changes in lists, each for one record."""
        # A timeline entry is recorded in its final form.
        return grouped(
            timeline_entry(entry) if isinstance(entry, TicketEvent) else entry
            for entry in self.entries
        )

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
        for what, rows in (("drop", session.deleted), ("add", session.new)):
            for row in rows:
                if isinstance(row, TicketEvent) and what == "add":
                    self._event(row)
                else:
                    self._row(what, row)
        for row in session.dirty:
            is_new_entry = isinstance(row, TicketEvent) and row.id in self._new_entries
            if session.is_modified(row) and not is_new_entry:
                self._update(row)

    def add_rows(
        self,
        what: str,
        table: AuditedTable,
        columns: Sequence[str],
        rows: Sequence[tuple[tuple[Any, ...], tuple[Stored, ...]]],
        words: str,
    ) -> None:
        """Add the rows that one statement changed.

        :param what: "add", "set" or "drop".
        :param columns: the columns that were set.
        :param rows: the key of each row, and the values of these columns as stored.
        :param words: what was done, in a few words.
        """
        for start in range(0, len(rows), ROWS_PER_RECORD):
            some = rows[start : start + ROWS_PER_RECORD]
            self.entries.append(changed_rows(what, table, columns, some))
        self._row_words.append(words)

    def erase(self, erasure: Erasure) -> None:
        """Erase the former values of a row beside all records, also those of this transaction."""
        self.erasures.append(erasure)

    def _event(self, row: TicketEvent) -> None:
        self._new_entries.add(row.id)
        self.entries.append(row)
        self._ticket_words.append(f"{ref(row.ticket_id)} {row.type}")

    def _row(self, what: str, row: Base) -> None:
        table = audited_tables().get(row.__tablename__)
        if table is not None:
            key = inspect(row).mapper.primary_key_from_instance(row)
            values = {name: getattr(row, name) for name in table.columns}
            self._add(what, table, key, one_row(what, table, key, values))

    def _update(self, row: Base) -> None:
        table = audited_tables().get(row.__tablename__)
        values = _changed_values(table, row) if table is not None else {}
        if table is not None and values:
            key = inspect(row).mapper.primary_key_from_instance(row)
            self._add("set", table, key, one_update(table, key, values))

    def _add(
        self, what: str, table: AuditedTable, key: Sequence[Any], change: RecordedChange
    ) -> None:
        self.entries.append(change)
        if table.is_summarised:
            self._row_words.append(f"{what} {table.name} {key_words(key)}")


def _joined(words: Iterable[str]) -> str:
    text = ", ".join(dict.fromkeys(words))
    return text if len(text) <= _MAX_TEXT else f"{text[: _MAX_TEXT - 1]}…"


def _changed_values(table: AuditedTable, row: Base) -> dict[str, tuple[Any, ...]]:
    """Return the changed columns with (old value, new value), or (new value) if it is not known."""
    state = inspect(row)
    found: dict[str, tuple[Any, ...]] = {}
    for name in table.columns:
        condition = table.only_with.get(name)
        if condition is not None and getattr(row, condition) is None:
            continue
        history = state.attrs[name].history
        if history.has_changes():
            found[name] = (*history.deleted[:1], getattr(row, name))
        elif condition is not None and state.attrs[condition].history.has_changes():
            found[name] = (getattr(row, name),)  # it is covered from here on
    return found


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
    target = getattr(state.statement, "table", None)
    table = audited_tables().get(target.name) if isinstance(target, Table) else None
    session = state.session
    if table is None or not isinstance(session, AuditedSession):
        return None
    if state.is_insert:
        raise TypeError(f"rows of {table.name} are inserted by many_rows.insert_rows")
    session.flush()
    keys = _affected(state, table)
    result = state.invoke_statement()
    if keys:
        what, columns = ("drop", ()) if state.is_delete else ("set", _set_columns(state, table))
        rows = _read(session, table, columns, keys) if columns else [(key, ()) for key in keys]
        if state.is_delete or columns:
            verb = "delete" if state.is_delete else "update"
            session.change_log.add_rows(what, table, columns, rows, f"{verb} {table.name}")
    return result


def _affected(state: ORMExecuteState, table: AuditedTable) -> list[tuple[Any, ...]]:
    """Return the keys of the rows that a statement is going to change."""
    keys = [table.table.c[name] for name in table.keys]
    changing = state.statement
    assert isinstance(changing, Update | Delete)  # noqa: S101  (for the type checker)
    statement = select(*keys).where(*changing._where_criteria)  # noqa: SLF001  (not public)
    parameters = state.parameters if isinstance(state.parameters, dict) else {}
    connection = state.session.connection()
    return [tuple(row) for row in connection.execute(statement, parameters)]


def _set_columns(state: ORMExecuteState, table: AuditedTable) -> tuple[str, ...]:
    statement = state.statement
    assert isinstance(statement, Update)  # noqa: S101  (for the type checker)
    names = {getattr(column, "key", column) for column in statement._values or ()}  # noqa: SLF001
    return tuple(name for name in table.columns if name in names)


def _read(
    session: Session,
    table: AuditedTable,
    columns: Sequence[str],
    keys: Sequence[tuple[Any, ...]],
) -> list[tuple[tuple[Any, ...], tuple[Stored, ...]]]:
    """Return the rows with these keys, their columns as stored."""
    own = [table.table.c[name] for name in table.keys]
    found: list[tuple[tuple[Any, ...], tuple[Stored, ...]]] = []
    for start in range(0, len(keys), _CHUNK):
        some = keys[start : start + _CHUNK]
        chosen = own[0].in_([key[0] for key in some]) if len(own) == 1 else tuple_(*own).in_(some)
        statement = select(*own, *(table.table.c[name] for name in columns)).where(chosen)
        for row in session.connection().execute(statement):
            pairs = zip(columns, row[len(own) :], strict=True)
            values = tuple([table.stored(name, value) for name, value in pairs])
            found.append((tuple(row[: len(own)]), values))
    return found
