"""Create desks of older schemas, for tests of the upgrade."""

import json
import lzma
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    MetaData,
    Table,
    create_engine,
    func,
    insert,
    literal_column,
    select,
)

from helpdesk.domain.escalation import Level
from helpdesk.store.database.url import parse_url
from tests.conftest import MONDAY

_MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"
_DATA = Path(__file__).resolve().parent / "data"
_AT = int(MONDAY.timestamp())
_DAY = 24 * 3600
_PROMISE = {
    "policy": "Standard 24/7",
    "calendar": "24/7",
    "first_response_s": 4 * 3600,
    "next_update_s": None,
    "resolution_s": _DAY,
}
_GROWING = ("tickets", "ticket_events", "ticket_clocks")


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Give a connection; commit at the end of the block unless it raises."""
    engine = create_engine(parse_url(url))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def make(url: str, tickets: int = 3) -> None:
    """Create a desk of schema 0001 in an empty database.

    :param tickets: how many; one is open, the others were resolved a month ago or are closed.
    """
    with connected(url) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        _migrate(connection, "0001")
        schema = MetaData()
        schema.reflect(connection)
        _fill(connection, schema)
        _multiply(connection, schema, tickets)


def make_0011(url: str) -> None:
    """Create a desk of schema 0011 in an empty database, as the program of that version left it.

    It is the desk of ``tests.audit.filled_desk``, with its audit records.  More than 200 of its
    tickets were imported at once, so that its own ``db check`` called it damaged.
    """
    _load(url, "0011")


def make_0012(url: str, tickets: int = 0, people: int = 0) -> None:
    """Create a desk of schema 0012 in an empty database, as the program of that version left it.

    It is the desk of ``tests.audit.filled_desk`` with twelve imported tickets; its audit records
    prove all rows.

    :param tickets: if it has fewer, copies of them are added, which are not proven.
    :param people: how many people without tickets are added.
    """
    _load(url, "0012")
    with connected(url) as connection:
        schema = MetaData()
        schema.reflect(connection)
        _multiply(connection, schema, tickets)
        added = [
            {"mail": f"p{number}@grown.example", "name": f"Person Ünique {number}"}
            for number in range(people)
        ]
        if added:
            connection.execute(insert(schema.tables["requesters"]), added)


def _load(url: str, version: str) -> None:
    script = lzma.decompress((_DATA / f"desk-{version}.sql.xz").read_bytes()).decode("utf-8")
    with connected(url) as connection:
        if connection.dialect.name == "sqlite":
            for statement in _statements(script):
                connection.exec_driver_sql(statement)
            return
        _migrate(connection, version)
        schema = MetaData()
        schema.reflect(connection)
        memory = sqlite3.connect(":memory:")
        memory.executescript(script)
        connection.exec_driver_sql("SET session_replication_role = replica")
        for table in schema.sorted_tables:
            if table.name != "alembic_version":
                _copy_table(connection, table, memory)
        memory.close()


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a script; a trigger holds semicolons of its own."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            if statement.strip() not in ("BEGIN TRANSACTION;", "COMMIT;"):
                yield statement
            statement = ""


def _copy_table(connection: Connection, table: Table, memory: sqlite3.Connection) -> None:
    names = [column.name for column in table.c]
    rows = [
        {column.name: _converted(column, value) for column, value in zip(table.c, row, strict=True)}
        for row in memory.execute(f"SELECT {', '.join(names)} FROM {table.name}")
    ]
    if rows:
        connection.execute(insert(table), rows)
    if "id" in names and table.c.id.server_default is not None:
        connection.exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "
            f"coalesce((SELECT max(id) FROM {table.name}), 1))"
        )


def _converted(column: Column[Any], value: Any) -> Any:
    """Return a value of SQLite as PostgreSQL's driver takes it."""
    if value is not None and isinstance(column.type, Boolean):
        return bool(value)
    if isinstance(value, str) and isinstance(column.type, JSON):
        return json.loads(value)
    return value


def _migrate(connection: Connection, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def _fill(connection: Connection, schema: MetaData) -> None:
    def add(table: str, **values: object) -> None:
        connection.execute(insert(schema.tables[table]).values(values))

    add("desk_facts", name="owner", value="ann")
    add("agents", login="ann", name="Ann", role="admin", active=True, created_at=_AT)
    for level in Level:
        add("levels", level=level, name=f"Level {level}", ola_s=3600 if level == "L1" else None)
        add("agent_levels", agent_id=1, level=level)
    hours = {"timezone": "UTC", "hours": "24/7"}
    add("calendars", id=3, name="24/7", hours=hours)
    add("services", name="mail", keywords="outlook")
    add("sla_policies", id=5, name="Standard 24/7", calendar_id=3)
    for priority in ("P1", "P2", "P3", "P4"):
        add("sla_targets", policy_id=5, priority=priority, first_response_s=4 * 3600,
            resolution_s=_DAY)  # fmt: skip
    for number, state, age in ((1, "new", 0), (2, "resolved", 30 * _DAY), (3, "closed", 0)):
        at = _AT - age
        add("tickets", version=1, subject=f"number {number}", body="", kind="incident",
            state=state, queue="L1", impact="medium", urgency="medium", priority="P3",
            channel="phone", service_id=1, policy_id=5, created_at=at, updated_at=at,
            resolved_at=None if state == "new" else at, hand_overs=0, reopenings=0,
            due_rank=at + 4 * 3600, due_clock="first_response")  # fmt: skip
        data = {"channel": "phone", "promise": _PROMISE, "version": 1}
        add("ticket_events", ticket_id=number, at=at, actor_id=1, type="logged", public=True,
            text="", data=data)  # fmt: skip
        if state != "new":
            add("ticket_events", ticket_id=number, at=at, actor_id=1, type="resolved",
                public=False, text="", data={"version": 1})  # fmt: skip
        for name, span in (("first_response", 4 * 3600), ("resolution", _DAY)):
            add("ticket_clocks", ticket_id=number, name=name, target_s=span, elapsed_s=0,
                state="running" if state == "new" else "met", due_at=at + span,
                met_at=None if state == "new" else at, as_of=at)  # fmt: skip


def _multiply(connection: Connection, schema: MetaData, tickets: int) -> None:
    """Copy finished tickets until there are this many."""
    table = schema.tables["tickets"]
    existing, last = connection.execute(select(func.count(), func.max(table.c.id))).one()
    while existing < tickets:
        span = min(last, 3 * (tickets - existing) // 2 + 1)
        existing += _copy(connection, schema, span, last)
        last += span


def _copy(connection: Connection, schema: MetaData, upto: int, shift: int) -> int:
    """Copy finished tickets with their timelines and clocks; return how many were copied.

    :param upto: tickets up to this number are copied.
    :param shift: is added to the numbers of the copies.
    """
    tickets = schema.tables["tickets"]
    finished = select(tickets.c.id).where(tickets.c.id <= upto, tickets.c.state != "new")
    for name in _GROWING:
        table = schema.tables[name]
        number = table.c.id if name == "tickets" else table.c.ticket_id
        columns = []
        for column in table.c:
            if column is number:
                columns.append(number + shift)
            elif column.name == "id":
                last = connection.execute(select(func.max(column))).scalar_one()
                columns.append(column + literal_column(str(last)))
            else:
                columns.append(column)
        rows = select(*columns).where(number.in_(finished))
        connection.execute(insert(table).from_select([column.name for column in table.c], rows))
    copied = select(func.count()).select_from(tickets).where(tickets.c.id > shift)
    return int(connection.execute(copied).scalar_one())
