"""How an engine goes about what a verb asks of it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, Executable, event
from sqlalchemy.orm import Session

from helpdesk.desk.session import Desk

#: Tables that grow with the years; to read one of them whole is a defect of whatever is drawn.
LARGE = ("tickets", "ticket_events", "ticket_clocks")


def whole_tables(session: Session, statement: Executable) -> list[str]:
    """Return the steps of a query that read a large table from end to end."""
    return _full_scans_of(session.connection(), lambda: session.execute(statement))


def full_scans_of(desk: Desk, verb: Callable[[], object]) -> list[str]:
    """Return the steps of all statements of a verb that read a large table from end to end."""
    with desk.database.read() as session:
        return _full_scans_of(session.connection(), verb)


def _full_scans_of(connection: Connection, verb: Callable[[], object]) -> list[str]:
    seen: list[tuple[str, Any]] = []

    def note(_c: object, _d: object, text: str, parameters: Any, _x: object, many: bool) -> None:
        if not many and text.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            seen.append((text, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        verb()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert seen, "nothing was asked of the database"
    return [step for asked in seen for step in _plan(connection, *asked) if _reads_all(step)]


def _plan(connection: Connection, text: str, parameters: Any) -> list[str]:
    if "pg_" in text:  # the server's own tables
        return []
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters)
        return [f"{row[3]} [{text}]" for row in rows]
    # A few rows are read fastest as they lie: what counts is whether an index could serve.
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    rows = connection.exec_driver_sql(f"EXPLAIN {text}", parameters)
    return [f"{str(row[0]).strip()} [{text}]" for row in rows]


def _reads_all(step: str) -> bool:
    words = step.partition(" [")[0].replace("->", " ").split()
    if words[:1] == ["SCAN"]:
        return words[1] in LARGE and "INDEX" not in words
    return words[:2] == ["Seq", "Scan"] and words[3] in LARGE
