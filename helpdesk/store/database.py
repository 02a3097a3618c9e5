"""The open database of a desk: short read and write transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection
from sqlalchemy.orm import Session

from helpdesk.store import schema_version
from helpdesk.store.engine import kind_of, readable
from helpdesk.store.kind import Ear
from helpdesk.store.trouble import told_in_sentences


class Database:
    """One desk's database.

    Transactions are short: a :meth:`read` that stays open keeps the database from tidying up, a
    :meth:`write` makes the others wait.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self.name = readable(url)
        self.kind = kind_of(url)
        with told_in_sentences(self.name):
            self._engine = self.kind.make_engine()
        self._reader = self.kind.reading(self._engine)
        self._writer = self.kind.writing(self._engine)

    @property
    def file(self) -> Path | None:
        """The file that the desk is kept in, or None if it is on a server."""
        return Path(self.name) if self.url.get_backend_name() == "sqlite" else None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session that sees one consistent state and changes nothing."""
        with told_in_sentences(self.name), Session(self._reader) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session whose changes are committed at the end, or not at all on an error.

        Writers take turns: nothing changes under the hands of one.
        """
        with (
            told_in_sentences(self.name),
            self.kind.turn(),
            Session(self._writer) as session,
            session.begin(),
        ):
            session.connection()  # the turn is waited for here, not at the first statement
            yield session

    @contextmanager
    def restructure(self) -> Iterator[Connection]:
        """Give a write transaction in which tables may be put in the place of others."""
        with (
            told_in_sentences(self.name),
            self.kind.turn(),
            self._writer.connect() as connection,
            self.kind.restructuring(connection),
        ):
            yield connection

    def ear(self) -> Ear:
        """Return what hears of other people's commits."""
        return self.kind.ear(self._engine)

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
