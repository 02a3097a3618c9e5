"""Engines, and how each begins its transactions.

On SQLite every write transaction begins IMMEDIATE: a deferred one that upgrades on its first
write loses to other writers and is refused with "database is locked" (measured: twelve times
slower under 50 writers).
"""

import sqlite3

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from helpdesk.domain.errors import UnavailableError
from helpdesk.locations import named_path
from helpdesk.store.trouble import told_in_sentences

#: How long a write waits for the others, in seconds; a URL may say so itself: ``?timeout=2``.
BUSY_TIMEOUT_S = 10.0
_LONGEST_TIMEOUT_S = 3600.0
#: Keep the write-ahead log from growing without bound.
WAL_LIMIT_BYTES = 16 * 1024 * 1024
#: The execution option that marks a transaction as one that writes.
WRITES = "helpdesk_writes"

_PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=NORMAL",
    f"PRAGMA journal_size_limit={WAL_LIMIT_BYTES}",
    "PRAGMA trusted_schema=OFF",
)


def readable(url: URL) -> str:
    """Return the database as a person knows it: a path, or the URL without its password."""
    if url.get_backend_name() == "sqlite":
        return url.database or ":memory:"
    return url.render_as_string(hide_password=True)


def parse_url(text: str) -> URL:
    """Read a database URL; a bare path means an SQLite file.

    :raises UnavailableError: if it is no URL of a kind that is supported here.
    """
    if "://" in text:
        with told_in_sentences(repr(text)):
            url = make_url(text)
    else:
        url = URL.create("sqlite", database=text)
    if url.get_backend_name() != "sqlite":
        raise UnavailableError(
            f"{url.get_backend_name()} databases are not supported by this version; "
            "use sqlite:///PATH."
        )
    if not url.database or url.database == ":memory:":
        raise UnavailableError("a desk needs a database file: use sqlite:///PATH.")
    busy_timeout_s(url)
    return url.set(database=str(named_path(url.database)))


def busy_timeout_s(url: URL) -> float:
    """Return how long a write to this database waits for the others, in seconds.

    :raises UnavailableError: if the URL asks for anything but that, or for nonsense.
    """
    asked = dict(url.query)
    try:
        seconds = float(asked.pop("timeout", BUSY_TIMEOUT_S))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        seconds = -1
    if asked or not 0 <= seconds <= _LONGEST_TIMEOUT_S:
        raise UnavailableError(
            f"the URL of {readable(url)} ends in something unknown: only ?timeout=SECONDS may "
            "follow the path."
        )
    return seconds


def make_engine(url: URL) -> Engine:
    """Return an engine whose connections are set up for sharing with other processes."""
    engine = create_engine(
        url.set(query={}),
        connect_args={"timeout": busy_timeout_s(url)},
        pool_size=4,
        max_overflow=4,
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling is switched off: _begin says BEGIN.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
