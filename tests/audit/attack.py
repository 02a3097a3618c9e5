"""Change the rows of a desk behind the program's back, as somebody does who may write to them."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg

from helpdesk.domain.audit import Actor, Record
from tests.cli.shell import Done, Shell

#: What ``db check`` may not print, whatever it finds.
_CRASHES = ("Traceback", "something went wrong", "report error")


class Attacker:
    """A connection to a desk's database, past the program."""

    def __init__(self, connection: sqlite3.Connection | psycopg.Connection) -> None:
        self.connection = connection

    @property
    def is_sqlite(self) -> bool:
        """Whether the desk is an SQLite file."""
        return isinstance(self.connection, sqlite3.Connection)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return list(self._execute(query).fetchall())

    def run(self, statement: str) -> None:
        """Execute a statement, which must change something."""
        changed = re.match(r"(?:UPDATE|DELETE FROM|INSERT INTO) (\w+)", statement)
        if changed is None:
            self._execute(statement)
            return
        before = self._content(changed[1])
        self._execute(statement)
        assert self._content(changed[1]) != before, f"it changes nothing: {statement}"

    def _content(self, table: str) -> list[str]:
        query = f"SELECT * FROM {table}"
        if self.is_sqlite:  # as bytes, because a text may be damaged
            columns = ", ".join(f"CAST({name} AS blob)" for name in self.columns(table))
            query = f"SELECT {columns} FROM {table}"
        return sorted(map(repr, self.rows(query)))

    def columns(self, table: str) -> list[str]:
        """Return the names of a table's columns."""
        return [column[0] for column in self._execute(f"SELECT * FROM {table} LIMIT 0").description]

    def _execute(self, statement: str) -> Any:
        connection: Any = self.connection
        return connection.execute(statement)

    def replace(self, table: str, column: str, where: str, old: str, new: str) -> None:
        """Replace a part of a text or JSON value."""
        query = f"SELECT CAST({column} AS text) FROM {table} WHERE {where}"
        value = str(self.rows(query)[0][0])
        assert old in value, value
        quoted = value.replace(old, new).replace("'", "''")
        self.run(f"UPDATE {table} SET {column} = '{quoted}' WHERE {where}")

    def empty(self, *tables: str) -> None:
        """Delete all rows of those of the tables that exist."""
        listing = (
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            if self.is_sqlite
            else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        existing = {name for (name,) in self.rows(listing)}
        for table in tables:
            if table in existing:
                self._execute(f"DELETE FROM {table}")

    def rewrite_chain(self, since: int, *, with_head: bool) -> None:
        """Compute the hashes of all records from a number on, so that they follow each other."""
        previous = self.rows(f"SELECT digest FROM audit_records WHERE seq = {since - 1}")[0][0]
        newest = since
        for row in self.rows(
            "SELECT seq, at, login, address, key, host, did, what FROM audit_records"
            f" WHERE seq >= {since} ORDER BY seq"
        ):
            newest, at, *who, did, what = row
            moment = datetime.fromtimestamp(at, UTC)
            digest = Record(newest, moment, Actor(*who), did, what, previous).digest
            self._execute(
                f"UPDATE audit_records SET previous = '{previous}', digest = '{digest}'"
                f" WHERE seq = {newest}"
            )
            previous = digest
        if with_head:
            self._execute(f"UPDATE audit_head SET seq = {newest}, digest = '{previous}'")


#: A statement, or a function that makes several.
Step = str | Callable[[Attacker], None]


@dataclass(frozen=True)
class Tampering:
    """A change of a desk past the program, and the words by which ``db check`` must name it.

    :ivar steps: the statements, in order; the guards are away meanwhile and back at the end.
    :ivar words: regular expressions that one and the same line of the output must contain: the
        table or thing, its row, its column.  ``{row}`` is what ``row`` returns.
    :ivar row: a query for the name of the row, made before the change.
    :ivar engine: the only engine on which it can be done; "" for both.
    :ivar guards: whether the steps are about the guards themselves, which stay as they are left.
    """

    name: str
    steps: tuple[Step, ...]
    words: tuple[str, ...]
    row: str = ""
    engine: str = ""
    guards: bool = False


class AttackedDesk:
    """A copy of a desk, with a shell of its owner and a way past the program."""

    def __init__(self, shell: Shell, connect: Callable[[], Any]) -> None:
        self.shell = shell
        self._connect = connect

    @contextmanager
    def attacker(self, *, guards: bool = False) -> Iterator[Attacker]:
        """Give a connection without the desk's guards, which are as before at the end.

        :param guards: leave the guards in force, and keep what is done to them.
        """
        attacker = Attacker(self._connect())
        try:
            if guards:
                yield attacker
            else:
                with _without_guards(attacker):
                    yield attacker
        finally:
            attacker.connection.close()

    def tamper(self, tampering: Tampering) -> list[str]:
        """Make the change; return the patterns by which the check must name it."""
        with self.attacker(guards=tampering.guards) as attacker:
            name = attacker.rows(tampering.row)[0][0] if tampering.row else ""
            assert name is not None, f"there is no such row: {tampering.row}"
            for step in tampering.steps:
                if isinstance(step, str):
                    attacker.run(step)
                else:
                    step(attacker)
        return [word.replace("{row}", re.escape(str(name))) for word in tampering.words]

    def check(self) -> Done:
        """Run ``db check``; it never fails, whatever it finds."""
        done = self.shell.run("db", "check")
        said = (done.stdout + done.stderr).decode()
        for crash in _CRASHES:
            assert crash not in said, said
        return done


@contextmanager
def _without_guards(attacker: Attacker) -> Iterator[None]:
    if not attacker.is_sqlite:
        attacker.run("SET session_replication_role = replica")  # neither triggers nor foreign keys
        yield
        return
    guards = attacker.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    for name, _ in guards:
        attacker.run(f'DROP TRIGGER "{name}"')
    yield
    for _, sql in guards:
        attacker.run(sql)


def verdicts(done: Done) -> list[str]:
    """Return the names of the checks for which ``db check`` has printed a verdict."""
    return re.findall(r"^([a-z ]+): (?:ok|DAMAGED)\b", done.stdout.decode(), re.MULTILINE)


def found(done: Done, patterns: list[str]) -> list[str]:
    """Return the lines of the output in which all patterns occur."""
    return [
        line
        for line in done.stdout.decode().splitlines()
        if all(re.search(pattern, line, re.IGNORECASE) for pattern in patterns)
    ]
