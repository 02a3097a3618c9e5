"""The SQLite backend, for a desk whose users all work on one host.

Every write transaction begins with ``BEGIN IMMEDIATE``: a deferred transaction that takes the write
lock at its first write fails with "database is locked" if another writer was faster (measured:
twelve times slower with 50 writers).
"""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from helpdesk.domain.errors import UnavailableError
from helpdesk.store.database import schema_version, write_ahead_log
from helpdesk.store.database.backend import Backend, CommitListener
from helpdesk.store.database.errors import translated_errors
from helpdesk.store.database.file_system import network_file_system
from helpdesk.store.database.read_only_file import (
    ReadOnlyFile,
    may_be_readable,
    why_not_writable,
)
from helpdesk.store.database.writer_queue import WriterQueue

#: The size to which SQLite truncates the write-ahead log after a checkpoint.
WAL_LIMIT_BYTES = 16 * 1024 * 1024
#: Overlapping readers can keep SQLite from resetting the log: above this size a writer truncates
#: it, at most once in ``CHECKPOINT_EVERY_S`` seconds.
CHECKPOINT_ABOVE_BYTES = 2 * WAL_LIMIT_BYTES
CHECKPOINT_EVERY_S = 10.0
#: How long such a checkpoint waits for readers, in seconds.
_WAIT_FOR_READERS_S = 0.05
#: The execution option that marks a write transaction.
_WRITES = "helpdesk_writes"

#: How long to retry BEGIN while another process recovers the file, in seconds.
_RECOVERY_S = 5.0

_PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=NORMAL",
    f"PRAGMA journal_size_limit={WAL_LIMIT_BYTES}",
    "PRAGMA trusted_schema=OFF",
    # Half of SQLite's default: each connection has a cache of its own, while the file cache of the
    # operating system serves all processes.
    "PRAGMA cache_size=-1024",
)


class SqliteBackend(Backend):
    """A desk in an SQLite file."""

    def __init__(self, url: URL, wait_s: float) -> None:
        super().__init__(url, wait_s)
        self._writer_queue = WriterQueue(self.file, wait_s)
        self._last_checkpoint = 0.0
        self._read_only_file: ReadOnlyFile | None = None

    @property
    def file(self) -> Path:
        """The database file."""
        return Path(self.url.database or "")

    def make_engine(self) -> Engine:
        """Create an engine whose connections can share the file with other processes."""
        engine = create_engine(
            self.url.set(query={}),
            creator=self._connect,
            pool_size=4,
            max_overflow=4,
        )
        event.listen(engine, "connect", _configure)
        event.listen(engine, "checkout", self._require_current_file)
        event.listen(engine, "begin", self._begin)
        return engine

    def _connect(self) -> sqlite3.Connection:
        found = self._read_only_file
        return sqlite3.connect(
            self.file if found is None else found.uri,
            uri=found is not None,
            timeout=self.wait_s,
            check_same_thread=False,
        )

    def open_for_reading(self, engine: Engine, error: BaseException) -> bool:
        """Try to read the file although nothing can be written beside it."""
        cause = error.orig if isinstance(error, DBAPIError) else error
        if not isinstance(cause, sqlite3.Error) or not may_be_readable(cause):
            return False
        with suppress(sqlite3.Error):
            self._read_only_file = ReadOnlyFile(self.file)
            engine.dispose()
            return True
        return False

    def read_only(self) -> str:
        """Return why changes are refused while reading goes on, in a sentence, or ""."""
        why = why_not_writable(self.file)
        if not why and self._read_only_file is None:
            return ""
        why = why or "it cannot be opened for writing"
        return (
            f"the database {self.file} can only be read, because {why}: changes are refused until "
            "it can be written again."
        )

    def _require_current_file(
        self, driver: Any, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
    ) -> None:
        """Make the pool replace a connection to an earlier state of a file opened for reading."""
        found = self._read_only_file
        if found is not None and found.is_outdated():
            self._look_again()
        if record.info.setdefault("file", self._read_only_file) is not self._read_only_file:
            raise DisconnectionError

    def _look_again(self) -> None:
        """Open the file as usual if that is possible again, otherwise as it is now."""
        found = self._read_only_file
        try:
            with closing(sqlite3.connect(self.file, timeout=self.wait_s)) as connection:
                connection.execute("SELECT 1 FROM sqlite_master").fetchone()
            self._read_only_file = None
        except sqlite3.Error:
            if found is None or not found.is_outdated():
                return
            self._read_only_file = ReadOnlyFile(self.file)
        if found is not None:
            found.close()

    def _begin(self, connection: Connection) -> None:
        """Begin a transaction; retry on the SQLITE_BUSY variants that ignore the busy timeout.

        They occur for a moment while the log of a killed program is recovered, and while the last
        program closes the file.
        """
        writes = connection.get_execution_options().get(_WRITES, False)
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101  (for the type checker)
        # SQLite fixes the state that a transaction sees at its first read.
        first_read = schema_version.QUERY if self.checks_schema else "SELECT 1 FROM sqlite_master"
        end = time.monotonic() + _RECOVERY_S
        while True:
            try:
                driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
                row = driver.execute(first_read).fetchone()
                break
            except sqlite3.OperationalError as error:
                _roll_back(driver)
                if not _is_transient(error) or time.monotonic() > end:
                    raise
                time.sleep(random.uniform(0.002, 0.02))  # noqa: S311  (no secret)
        if self.checks_schema and row and row[0] != schema_version.HEAD:
            _roll_back(driver)
            schema_version.require_unchanged(row[0], str(self.file))

    def reading(self, engine: Engine) -> Engine:
        """Return the engine for read transactions, which never wait in SQLite's WAL mode."""
        return engine

    def writing(self, engine: Engine) -> Engine:
        """Return the engine for write transactions."""
        return engine.execution_options(**{_WRITES: True})

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for this writer's turn in the file's writer queue."""
        if self._read_only_file is not None:
            with translated_errors(str(self.file)):
                self._look_again()
        if self._read_only_file is not None:
            raise UnavailableError(self.read_only())
        with self._writer_queue.turn():
            yield
            if write_ahead_log.size(self.file) > CHECKPOINT_ABOVE_BYTES:
                self._truncate_log()

    def _truncate_log(self) -> None:
        """Move the log's content into the file and empty the log, unless readers still need it."""
        now = time.monotonic()
        if now - self._last_checkpoint < CHECKPOINT_EVERY_S:
            return
        self._last_checkpoint = now
        connection = self.separate_connection(_WAIT_FOR_READERS_S)
        try:
            with suppress(sqlite3.Error):  # the next writer tries again
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()

    def storage_warning(self) -> str:
        """Return a warning if the file is on a network file system, which damages SQLite files."""
        kind = network_file_system(self.file.parent)
        if not kind:
            return ""
        return (
            f"the database {self.file} lies on a network file system ({kind}), where it can be "
            "damaged: move it to a local disk, or to PostgreSQL with 'helpdesk db copy --to URL'."
        )

    def exists(self) -> bool:
        """Whether the file exists and is not empty.

        :raises UnavailableError: if that cannot be found out, as with a name that is too long.
        """
        try:
            return self.file.exists() and self.file.stat().st_size > 0
        except OSError as error:
            raise UnavailableError(
                f"the database {self.file} cannot be reached ({error.strerror}); name another "
                "file with --db."
            ) from error

    def prepare(self) -> None:
        """Create the file's folder, for its owner alone, and switch the file to WAL mode."""
        folder = self.file.parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise UnavailableError(
                f"the folder {folder} of the database cannot be created ({error.strerror}); "
                "name another file with --db."
            ) from error
        # The journal mode is stored in the file and cannot be changed inside a transaction.
        with translated_errors(str(self.file)):
            connection = self.separate_connection()
            try:
                _switch_to_wal(connection, time.monotonic() + self.wait_s)
            finally:
                connection.close()

    @contextmanager
    def restructuring(self, connection: Connection) -> Iterator[None]:
        """Open a transaction that checks foreign keys only at its end.

        While a table is being replaced, references to it are broken for a moment.  SQLite can
        switch the checks off and on outside transactions only.
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
                        f"the database {self.file} refers to rows that do not exist (in the "
                        f"table {broken[0]}): nothing was changed; restore it from a backup."
                    )
        finally:
            driver.execute("PRAGMA foreign_keys=ON")

    def commit_listener(self, engine: Engine) -> CommitListener:
        """Return a listener with a connection of its own."""
        return _DataVersion(self.separate_connection())

    def announce(self, connection: Connection) -> None:
        """Do nothing: SQLite lets other connections notice every commit."""

    def separate_connection(self, wait_s: float | None = None) -> sqlite3.Connection:
        """Open a connection outside the pool.

        :param wait_s: how long it waits for locks, in seconds; by default as long as a write.
        """
        found = self._read_only_file
        return sqlite3.connect(
            self.file if found is None else found.uri,
            uri=found is not None,
            timeout=self.wait_s if wait_s is None else wait_s,
            isolation_level=None,
            check_same_thread=False,
        )


class _DataVersion:
    """Notices commits by ``PRAGMA data_version``.

    Its number changes when another connection has committed; reading it takes microseconds and no
    lock.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def listen(self) -> int:
        """Return the data version."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _configure(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # This switches the driver's own transaction handling off: _begin executes BEGIN.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _roll_back(driver: sqlite3.Connection) -> None:
    if driver.in_transaction:
        driver.execute("ROLLBACK")


def _is_transient(error: sqlite3.OperationalError) -> bool:
    code = error.sqlite_errorcode
    # A plain SQLITE_BUSY comes only after the busy timeout, so it is not retried.
    return code in (sqlite3.SQLITE_BUSY_RECOVERY, sqlite3.SQLITE_BUSY_SNAPSHOT) or (
        code & 0xFF == sqlite3.SQLITE_PROTOCOL
    )


def _switch_to_wal(connection: sqlite3.Connection, end: float) -> None:
    # If two connections switch at once, SQLite refuses one immediately, whatever the timeout:
    # two readers that both want to write would wait for each other forever.
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return
