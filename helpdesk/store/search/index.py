"""The search index: an SQLite file with FTS5, shared by all processes of a host.

All its content can be rebuilt from the knowledge base and the tickets.  A file that is missing,
damaged or of another version is replaced by an empty one, which the next refresh fills.
"""

import contextlib
import fcntl
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpdesk.store.search.documents import SCHEMA, VERSION
from helpdesk.store.search.reader import IndexReader
from helpdesk.store.search.writer import IndexWriter

_BUSY_MS = 250
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR)


class BusyIndexError(Exception):
    """Another process is writing to the index now."""


class _Connection(sqlite3.Connection):
    """A connection that supports weak references: it is closed when its thread ends."""


class SearchIndex:
    """The index file; each thread has a connection of its own."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._local = threading.local()
        self._opened: weakref.WeakSet[_Connection] = weakref.WeakSet()

    @contextmanager
    def read(self) -> Iterator[IndexReader]:
        """Open a reader that sees one consistent state."""
        with self._healthy_connection() as connection:
            connection.execute("BEGIN")
            try:
                yield IndexReader(connection)
            finally:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")

    @contextmanager
    def write(self, *, wait: bool = True) -> Iterator[IndexWriter]:
        """Open a writer whose changes are committed at the end, or not at all on an error.

        :param wait: wait a quarter of a second for another process that is writing.
        :raises BusyIndexError: if another process is still writing.
        """
        with self._healthy_connection() as connection:
            try:
                connection.execute(f"PRAGMA busy_timeout={_BUSY_MS if wait else 0}")
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if _code(error) == sqlite3.SQLITE_BUSY:
                    raise BusyIndexError from error
                raise
            finally:
                connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
            try:
                writer = IndexWriter(connection)
                yield writer
                writer.flush()
                connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise

    def identity(self) -> int:
        """Return a number that changes when any process replaces the file."""
        with self._healthy_connection():
            return self._inode()

    @contextmanager
    def claim(self) -> Iterator[bool]:
        """Try to reserve long work on the index during the block; give whether that succeeded."""
        with Path(f"{self.file}-filling").open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def close(self) -> None:
        """Close all connections."""
        for connection in list(self._opened):
            connection.close()
        self._local = threading.local()

    @contextmanager
    def _healthy_connection(self) -> Iterator[sqlite3.Connection]:
        """Give this thread's connection; delete the file if it proves damaged."""
        inode = self._inode()
        try:
            yield self._connection()
        except sqlite3.DatabaseError as error:
            if _code(error) in _DAMAGED:
                with self._replacing():
                    self._discard(inode)
            raise

    def _connection(self) -> sqlite3.Connection:
        opened: tuple[sqlite3.Connection, int] | None = getattr(self._local, "opened", None)
        if opened is not None and opened[1] == self._inode():
            return opened[0]
        if opened is not None:
            self._local.opened = None
            opened[0].close()
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._replacing():
            connection = self._open()
            self._local.opened = (connection, self._inode())
        self._opened.add(connection)
        return connection

    def _inode(self) -> int:
        # After another process has replaced the file, open connections still see the old file.
        try:
            return self.file.stat().st_ino
        except OSError:
            return 0

    @contextmanager
    def _replacing(self) -> Iterator[None]:
        """Keep other processes from creating or replacing the file during the block."""
        with Path(f"{self.file}-lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _open(self) -> _Connection:
        """Return a connection to the file; create or replace the file if necessary."""
        connection = self._connect()
        try:
            if _has_version(connection):
                return connection
            empty = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        except sqlite3.DatabaseError as error:
            if _code(error) not in _DAMAGED:
                raise
            empty = False
        if not empty:
            connection.close()
            self._discard(self._inode())
            connection = self._connect()
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("BEGIN IMMEDIATE")
        for statement in SCHEMA.split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('version', ?)", (VERSION,))
        connection.execute("COMMIT")
        return connection

    def _connect(self) -> _Connection:
        connection = sqlite3.connect(
            self.file,
            timeout=_BUSY_MS / 1000,
            isolation_level=None,
            check_same_thread=False,
            factory=_Connection,
        )
        # After a crash of the host the index can be rebuilt.
        connection.execute("PRAGMA synchronous=OFF")
        return connection

    def _discard(self, inode: int) -> None:
        """Delete the file, unless it was replaced meanwhile."""
        if self._inode() == inode:
            for ending in ("", "-wal", "-shm"):
                Path(f"{self.file}{ending}").unlink(missing_ok=True)


def _code(error: sqlite3.Error) -> int:
    """Return the primary result code of an SQLite error; 0 for the driver's own errors."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _has_version(connection: sqlite3.Connection) -> bool:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        return False
    row = connection.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()
    return row is not None and row[0] == VERSION
