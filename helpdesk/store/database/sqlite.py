"""A desk in an SQLite file, shared by the processes of one host.

Every write transaction begins IMMEDIATE: a deferred one that upgrades on its first write loses to
other writers and is refused with "database is locked" (measured: twelve times slower under 50
writers).
"""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from helpdesk.domain.errors import UnavailableError
from helpdesk.store.database import schema_version, write_ahead_log
from helpdesk.store.database.backend import Ear, Kind
from helpdesk.store.database.errors import told_in_sentences
from helpdesk.store.database.file_system import network_file_system
from helpdesk.store.database.writer_queue import Gate

#: Keep the write-ahead log from growing without bound.
WAL_LIMIT_BYTES = 16 * 1024 * 1024
#: Readers who come and go may keep it from starting anew of itself: beyond this it is seen to.
TOO_LONG_BYTES = 2 * WAL_LIMIT_BYTES
SEE_TO_IT_EVERY_S = 10.0
_WAIT_FOR_READERS_S = 0.05
#: The execution option that marks a transaction as one that writes.
_WRITES = "helpdesk_writes"

#: How long to begin again while the file is being put in order.
_RECOVERY_S = 5.0

_PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=NORMAL",
    f"PRAGMA journal_size_limit={WAL_LIMIT_BYTES}",
    "PRAGMA trusted_schema=OFF",
    # Half of what SQLite takes by itself: each of a process's connections has its own, and the
    # host's cache, which is behind it, serves all processes.
    "PRAGMA cache_size=-1024",
)


class SqliteFile(Kind):
    """A desk in a file."""

    def __init__(self, url: URL, wait_s: float) -> None:
        super().__init__(url, wait_s)
        self._gate = Gate(self.file, wait_s)
        self._saw_to_log = 0.0

    @property
    def file(self) -> Path:
        """The file."""
        return Path(self.url.database or "")

    def make_engine(self) -> Engine:
        """Return an engine whose connections are set up for sharing with other processes."""
        engine = create_engine(
            self.url.set(query={}),
            connect_args={"timeout": self.wait_s},
            pool_size=4,
            max_overflow=4,
        )
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", self._begin)
        return engine

    def _begin(self, connection: Connection) -> None:
        """Begin, and begin again while SQLite is busy in a way for which its patience is not asked.

        That is so for a moment while the log of a program that was killed is recovered, and while
        the last of all programs lets go of the file.
        """
        writes = connection.get_execution_options().get(_WRITES, False)
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101  (for the type checker)
        # A reader's state is the one of its first look.
        look = schema_version.QUERY if self.watches_schema else "SELECT 1 FROM sqlite_master"
        end = time.monotonic() + _RECOVERY_S
        while True:
            try:
                driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
                seen = driver.execute(look).fetchone()
                break
            except sqlite3.OperationalError as error:
                _end(driver)
                if not _is_passing(error) or time.monotonic() > end:
                    raise
                time.sleep(random.uniform(0.002, 0.02))  # noqa: S311  (no secret)
        if self.watches_schema and seen and seen[0] != schema_version.HEAD:
            _end(driver)
            schema_version.require_unchanged(seen[0], str(self.file))

    def reading(self, engine: Engine) -> Engine:
        """Return the engine for reading: SQLite's readers never wait."""
        return engine

    def writing(self, engine: Engine) -> Engine:
        """Return the engine for writing."""
        return engine.execution_options(**{_WRITES: True})

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait in the row at the file's gate."""
        with self._gate.turn():
            yield
            if write_ahead_log.size(self.file) > TOO_LONG_BYTES:
                self._begin_log_anew()

    def _begin_log_anew(self) -> None:
        """Carry the log into the file and empty it, if nobody goes on reading what is in it."""
        now = time.monotonic()
        if now - self._saw_to_log < SEE_TO_IT_EVERY_S:
            return
        self._saw_to_log = now
        connection = self.lone_connection(_WAIT_FOR_READERS_S)
        try:
            with suppress(sqlite3.Error):  # the next who writes tries again
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()

    def hazard(self) -> str:
        """Return a warning if hosts may share the file, which they must not."""
        kind = network_file_system(self.file.parent)
        if not kind:
            return ""
        return (
            f"the database {self.file} lies on a network file system ({kind}), where it can be "
            "damaged: move it to a local disk, or to PostgreSQL with 'helpdesk db copy --to URL'."
        )

    def exists(self) -> bool:
        """Whether the file holds anything."""
        return self.file.exists() and self.file.stat().st_size > 0

    def prepare(self) -> None:
        """Make the file's folder (for its owner alone) and switch the file to WAL."""
        folder = self.file.parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise UnavailableError(
                f"the folder {folder} of the database cannot be made ({error.strerror}); "
                "name another file with --db."
            ) from error
        # WAL is a property of the file and cannot be changed inside a transaction.
        with told_in_sentences(str(self.file)):
            connection = self.lone_connection()
            try:
                _switch_to_wal(connection, time.monotonic() + self.wait_s)
            finally:
                connection.close()

    @contextmanager
    def restructuring(self, connection: Connection) -> Iterator[None]:
        """Check references only at the end of the transaction that is begun and ended inside.

        A table that is replaced is gone for a moment, and the switch that says so works outside
        transactions only.
        """
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101  (for the type checker)
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if broken is not None:
                    raise UnavailableError(
                        f"the database {self.file} holds references to nothing (in the table "
                        f"{broken[0]}): nothing was changed; restore it from a backup."
                    )
        finally:
            driver.execute("PRAGMA foreign_keys=ON")

    def ear(self, engine: Engine) -> Ear:
        """Return what hears of commits over a connection of its own."""
        return _DataVersion(self.lone_connection())

    def announce(self, connection: Connection) -> None:
        """Say nothing: SQLite tells of every commit."""

    def lone_connection(self, wait_s: float | None = None) -> sqlite3.Connection:
        """Return a connection outside the pool, for what belongs to one connection alone."""
        return sqlite3.connect(
            self.file,
            timeout=self.wait_s if wait_s is None else wait_s,
            isolation_level=None,
            check_same_thread=False,
        )


class _DataVersion:
    """``PRAGMA data_version`` is another number on a connection when a different one has
    committed; asking costs microseconds and no lock."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def listen(self) -> int:
        """Return the number."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()


def _set_up(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling is switched off: _begin says BEGIN.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _end(driver: sqlite3.Connection) -> None:
    if driver.in_transaction:
        driver.execute("ROLLBACK")


def _is_passing(error: sqlite3.OperationalError) -> bool:
    code = error.sqlite_errorcode
    # A plain SQLITE_BUSY comes only after the time that was given it.
    return code in (sqlite3.SQLITE_BUSY_RECOVERY, sqlite3.SQLITE_BUSY_SNAPSHOT) or (
        code & 0xFF == sqlite3.SQLITE_PROTOCOL
    )


def _switch_to_wal(connection: sqlite3.Connection, end: float) -> None:
    # Of two who switch at once one is refused at the spot, whatever the timeout: two readers that
    # both want to write would wait for each other for ever.
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return
