"""The open database of a desk: short read and write transactions."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Connection
from sqlalchemy.orm import Session

from helpdesk.domain.audit import Who
from helpdesk.domain.errors import HiddenError, NotPermittedError, UnavailableError
from helpdesk.store.database import audit_trail
from helpdesk.store.database.backend import Ear, readable
from helpdesk.store.database.change_log import RecordedSession
from helpdesk.store.database.errors import told_in_sentences
from helpdesk.store.database.immutable_cache import Kept
from helpdesk.store.database.url import kind_of
from helpdesk.store.database.visibility import Sight, SightedSession


class Database:
    """One desk's database.

    Transactions are short: a :meth:`read` that stays open keeps the database from tidying up, a
    :meth:`write` makes the others wait.  Every write that changes something of record, and every
    attempt that is refused, adds a record to the audit trail in the same transaction.

    :ivar who: who acts through it.
    :ivar sight: which tickets they may see.
    :ivar clock: what time it is for the audit trail.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self.name = readable(url)
        self.kind = kind_of(url)
        with told_in_sentences(self.name):
            self._engine = self.kind.make_engine()
        self._reader = self.kind.reading(self._engine)
        self._writer = self.kind.writing(self._engine)
        self.who = Who()
        self.sight = self._whole = Sight()
        self._kept = Kept()
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._here = threading.local()

    @property
    def file(self) -> Path | None:
        """The file that the desk is kept in, or None if it is on a server."""
        return Path(self.name) if self.url.get_backend_name() == "sqlite" else None

    def look_anew(self) -> None:
        """Heed at once what this process has changed of who may see what."""
        self.sight.forget()
        self._whole.forget()

    @contextmanager
    def read(self, *, as_desk: bool = False) -> Iterator[Session]:
        """Give a session that sees one consistent state and changes nothing.

        :param as_desk: it is the desk's own business and shows nobody a ticket: see all of them.
        """
        sight = self._whole if as_desk else self.sight
        with (
            self._refusals(),
            told_in_sentences(self.name),
            SightedSession(
                self._reader, sight=sight, kept=self._kept, expire_on_commit=False
            ) as session,
        ):
            yield session
            # Not rolled back: a driver then forgets what it had the server prepare, and each
            # statement would be planned anew each time.
            session.commit()

    @contextmanager
    def write(self, *, as_desk: bool = False) -> Iterator[Session]:
        """Give a session whose changes are committed at the end, or not at all on an error.

        Writers take turns: nothing changes under the hands of one.

        :param as_desk: as for :meth:`read`.
        """
        sight = self._whole if as_desk else self.sight
        with self._refusals(), told_in_sentences(self.name):
            self._here.writes = True
            try:
                with (
                    self.kind.turn(),
                    RecordedSession(self._writer, sight=sight, kept=self._kept) as session,
                    session.begin(),
                ):
                    session.connection()  # the turn is waited for here, not at the first statement
                    yield session
                    self._record(session)
            finally:
                self._here.writes = False

    def _record(self, session: RecordedSession) -> None:
        if session.get_transaction() is None:  # the caller has undone it all
            return
        session.flush()
        ledger = session.ledger
        if ledger.entries:
            audit_trail.append(session, self.clock(), self.who, ledger.did(), ledger.particulars())

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except NotPermittedError as error:
            self.refused(str(error))
            raise
        except HiddenError as error:
            self.refused(error.reason)
            raise

    def refused(self, sentence: str) -> None:
        """Record an attempt that was refused; within a write, once that is undone."""
        if getattr(self._here, "writes", False):
            return
        did = f"refused: {sentence}"[:200]
        # Who is refused is refused, also where nothing can be written.
        with (
            suppress(UnavailableError),
            told_in_sentences(self.name),
            self.kind.turn(),
            RecordedSession(self._writer, sight=self._whole, kept=self._kept) as session,
            session.begin(),
        ):
            audit_trail.append(session, self.clock(), self.who, did, {"refused": sentence})

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

    def announce(self, session: Session) -> None:
        """Let the others hear of a write that adds to no timeline, once it is committed."""
        self.kind.announce(session.connection())

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()
