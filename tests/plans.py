"""Query plans: which statements of a use case read a large table from end to end."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, Executable, event
from sqlalchemy.orm import Session

from helpdesk.desk.session import Desk

#: Tables that grow with the years; frequent statements must not read one of them completely.
LARGE = ("tickets", "ticket_events", "ticket_clocks")


def full_scans(session: Session, statement: Executable) -> list[str]:
    """Return the steps of a statement's plan that read a large table from end to end."""
    return _full_scans_of(session.connection(), lambda: session.execute(statement))


def full_scans_of(desk: Desk, use_case: Callable[[], object]) -> list[str]:
    """Return such steps of all statements that a use case executes."""
    with desk.database.read() as session:
        return _full_scans_of(session.connection(), use_case)


def _full_scans_of(connection: Connection, use_case: Callable[[], object]) -> list[str]:
    statements: list[tuple[str, Any]] = []

    def note(_c: object, _d: object, text: str, parameters: Any, _x: object, many: bool) -> None:
        if not many and text.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            statements.append((text, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        use_case()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert statements, "no statement was executed"
    return [
        step
        for statement in statements
        for step in _plan(connection, *statement)
        if _is_full_scan(step)
    ]


def _plan(connection: Connection, text: str, parameters: Any) -> list[str]:
    if "pg_" in text:  # the server's own tables
        return []
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters)
        return [f"{row[3]} [{text}]" for row in rows]
    # PostgreSQL scans small tables anyway: this shows whether it could use an index.
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    rows = connection.exec_driver_sql(f"EXPLAIN {text}", parameters)
    return [f"{str(row[0]).strip()} [{text}]" for row in rows]


def _is_full_scan(step: str) -> bool:
    words = step.partition(" [")[0].replace("->", " ").split()
    if words[:1] == ["SCAN"]:
        return words[1] in LARGE and "INDEX" not in words
    return words[:2] == ["Seq", "Scan"] and words[3] in LARGE
