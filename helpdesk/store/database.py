"""The open database of a desk: short read and write transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection
from sqlalchemy.orm import Session

from helpdesk.domain.errors import UnavailableError
from helpdesk.store import schema_version
from helpdesk.store.engine import WRITES, busy_timeout_s, make_engine, readable
from helpdesk.store.trouble import told_in_sentences


class Database:
    """One desk's database.

    Transactions are short: a :meth:`read` that stays open lets the write-ahead log grow, a
    :meth:`write` makes the others wait.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self.name = readable(url)
        self._engine = make_engine(url)
        self._writer = self._engine.execution_options(**{WRITES: True})

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session that sees one consistent state and changes nothing."""
        with told_in_sentences(self.name), Session(self._engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session whose changes are committed at the end, or not at all on an error."""
        with told_in_sentences(self.name), Session(self._writer) as session, session.begin():
            yield session

    @contextmanager
    def restructure(self) -> Iterator[Connection]:
        """Give a write transaction in which tables may be put in the place of others.

        SQLite checks references only at the end of it, because a table that is replaced is gone
        for a moment, and the switch that says so works outside transactions only.
        """
        with told_in_sentences(self.name), self._writer.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)  # noqa: S101  (the only engine there is)
            driver.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    yield connection
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                    if broken is not None:
                        raise UnavailableError(
                            f"the database {self.name} holds references to nothing (in the table "
                            f"{broken[0]}): nothing was changed; restore it from a backup."
                        )
            finally:
                driver.execute("PRAGMA foreign_keys=ON")

    def lone_connection(self) -> sqlite3.Connection:
        """Return a connection outside the pool, for what belongs to one connection alone."""
        return sqlite3.connect(
            self.url.database or "",
            timeout=busy_timeout_s(self.url),
            isolation_level=None,
            check_same_thread=False,
        )

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()


def open_database(url: URL) -> Database:
    """Open a desk's database, creating and setting it up if there is none yet.

    :raises UnavailableError: if it cannot be used: read-only, locked, damaged, of a newer or
        older version, or not a helpdesk database.
    """
    database = Database(url)
    try:
        schema_version.require_current(database)
    except BaseException:
        database.close()
        raise
    return database
