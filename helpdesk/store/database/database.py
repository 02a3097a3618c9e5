"""The open database of a desk: short read and write transactions."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection
from sqlalchemy.orm import Session

from helpdesk.domain.audit import CLOCK_CONFIRMED, Actor
from helpdesk.domain.errors import HiddenError, NotPermittedError, UnavailableError
from helpdesk.store.database import audit_erasure, audit_trail, masking
from helpdesk.store.database.backend import CommitListener, database_name
from helpdesk.store.database.change_log import AuditedSession
from helpdesk.store.database.errors import translated_errors
from helpdesk.store.database.host_clock import HostClock
from helpdesk.store.database.immutable_cache import ImmutableCache
from helpdesk.store.database.url import backend_of
from helpdesk.store.database.visibility import FilteredSession, Visibility

#: Before the last refusal of a person's share of a minute.
_LAST_OF_MINUTE = "(many in a minute, further ones are not recorded)"


class Database:
    """One desk's database.

    Keep transactions short: an open :meth:`read` keeps SQLite from resetting its log and PostgreSQL
    from vacuuming, and an open :meth:`write` makes other writers wait.

    A write that changes audited rows adds a record to the audit trail in the same transaction; a
    refused attempt adds one in a transaction of its own.

    :ivar who: the person who acts through this object.
    :ivar visibility: which tickets that person may see.
    :ivar clock: returns the current time for what is entered.
    :ivar on_commit: called after each change that the audit trail records, with the entries of
        timelines that it made in a few words ("HD-1 logged"), or "".
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self.name = database_name(url)
        self.backend = backend_of(url)
        masking.begin()
        with translated_errors(self.name):
            self._engine = self.backend.make_engine()
        self._reader = self.backend.reading(self._engine)
        self._writer = self.backend.writing(self._engine)
        self.who = Actor()
        self.visibility = self._all_tickets = Visibility()
        self._cache = ImmutableCache()
        self.clock = HostClock(lambda: datetime.now(UTC))
        self.on_commit: Callable[[str], None] = lambda entries: None
        self._thread = threading.local()

    @property
    def file(self) -> Path | None:
        """The SQLite file of the desk, or None if the desk is on a server."""
        return Path(self.name) if self.url.get_backend_name() == "sqlite" else None

    @property
    def read_only(self) -> str:
        """Why changes are refused while reading goes on, in a sentence; "" if they are not."""
        return self.backend.read_only()

    def open_for_reading(self, error: BaseException | None) -> bool:
        """After opening has failed, try to open it for reading only; return whether that helped."""
        return error is not None and self.backend.open_for_reading(self._engine, error)

    def forget_visibility(self) -> None:
        """Read the confidential customers again at the next query, after a change to them."""
        self.visibility.forget()
        self._all_tickets.forget()

    @contextmanager
    def read(self, *, as_desk: bool = False) -> Iterator[Session]:
        """Open a session that sees one consistent state and changes nothing.

        :param as_desk: see all tickets, also confidential ones; for the desk's own work, whose
            results are shown to nobody.
        """
        visibility = self._all_tickets if as_desk else self.visibility
        with (
            self._refusals(),
            translated_errors(self.name),
            FilteredSession(
                self._reader, visibility=visibility, cache=self._cache, expire_on_commit=False
            ) as session,
        ):
            yield session
            # Commit instead of rolling back: after a rollback psycopg discards its prepared
            # statements, and the server would plan every statement again.
            session.commit()

    @contextmanager
    def write(self, *, as_desk: bool = False) -> Iterator[AuditedSession]:
        """Open a session whose changes are committed at the end, or not at all on an error.

        Writers take turns, so nobody else changes the database during the block.

        :param as_desk: as for :meth:`read`.
        """
        visibility = self._all_tickets if as_desk else self.visibility
        with self._refusals(), translated_errors(self.name):
            self._thread.writing = True
            try:
                with (
                    self.backend.turn(),
                    AuditedSession(
                        self._writer, visibility=visibility, cache=self._cache
                    ) as session,
                    session.begin(),
                ):
                    session.connection()  # wait for the turn here, not at the first statement
                    yield session
                    recorded = self._record(session)
            finally:
                self._thread.writing = False
        if recorded:
            self.on_commit(session.change_log.ticket_words())

    def _record(self, session: AuditedSession) -> bool:
        if session.get_transaction() is None:  # the caller has rolled it back
            return False
        session.flush()
        change_log = session.change_log
        if not (change_log.entries or change_log.erasures):
            return False
        at = self._time_of_record(session)
        last = audit_trail.end(session, at).seq if change_log.erasures else None
        if change_log.entries:
            audit_trail.append_all(session, at, self.who, change_log.did(), change_log.parts())
        if change_log.erasures:
            audit_erasure.erase_all(session, at, self.who, change_log.erasures, last)
        self.clock.newest = at
        return True

    def _time_of_record(self, session: Session) -> datetime:
        """Return the time for a record, which is never before that of the last one.

        :raises UnavailableError: if the host's clock is too far behind it.
        """
        self.clock.newest = audit_trail.newest_at(session)  # others may have added records
        self.clock.require_right()
        return self.clock()

    def learn_newest(self) -> None:
        """Read the time of the newest record, with which the host's clock is compared."""
        with self.read(as_desk=True) as session:
            self.clock.newest = audit_trail.newest_at(session)

    def confirm_clock(self) -> None:
        """Take the host's clock as right from now on, whatever the time of the newest record is."""
        self.clock.newest = None
        with (
            translated_errors(self.name),
            self.backend.turn(),
            AuditedSession(
                self._writer, visibility=self._all_tickets, cache=self._cache
            ) as session,
            session.begin(),
        ):
            at = self.clock()
            audit_trail.append(session, at, self.who, CLOCK_CONFIRMED, {"clock": "confirmed"})
        self.clock.newest = at

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except NotPermittedError as error:
            self.record_refusal(str(error))
            raise
        except HiddenError as error:
            self.record_refusal(error.reason)
            raise

    def record_refusal(self, sentence: str) -> None:
        """Add a refused attempt to the audit trail.

        Does nothing inside :meth:`write`, which calls this after its rollback; nor for a person
        who has filled their share of this minute, see :data:`audit_trail.REFUSALS_A_MINUTE`.
        """
        if getattr(self._thread, "writing", False):
            return
        with suppress(UnavailableError), self.read(as_desk=True) as session:
            at = self._not_before_last(session)
            before = audit_trail.refusals_of_last_minute(session, at, self.who.login)
            if before >= audit_trail.REFUSALS_A_MINUTE:
                return
            if before == audit_trail.REFUSALS_A_MINUTE - 1:
                sentence = f"{_LAST_OF_MINUTE} {sentence}"
        did = f"refused: {sentence}"[:200]
        # A refusal stands even if it cannot be recorded, for example on a read-only disk.
        with (
            suppress(UnavailableError),
            translated_errors(self.name),
            self.backend.turn(),
            AuditedSession(
                self._writer, visibility=self._all_tickets, cache=self._cache
            ) as session,
            session.begin(),
        ):
            audit_trail.append(session, self.clock(), self.who, did, {"refused": sentence})

    def record_use(self, did: str, what: dict[str, Any]) -> None:
        """Add to the audit trail that something was read which is on record.

        On a desk that can only be read it cannot be recorded.  A clock that is behind does not keep
        anybody from reading.
        """
        if self.read_only:
            return
        with (
            translated_errors(self.name),
            self.backend.turn(),
            AuditedSession(
                self._writer, visibility=self._all_tickets, cache=self._cache
            ) as session,
            session.begin(),
        ):
            audit_trail.append(session, self._not_before_last(session), self.who, did, what)

    def _not_before_last(self, session: Session) -> datetime:
        """Return the host's time, or that of the last record if the host's clock is behind it."""
        newest = audit_trail.newest_at(session) or datetime.min.replace(tzinfo=UTC)
        return max(self.clock(), newest)

    @contextmanager
    def restructure(self) -> Iterator[Connection]:
        """Open a write transaction in which tables may be replaced."""
        with (
            translated_errors(self.name),
            self.backend.turn(),
            self._writer.connect() as connection,
            self.backend.restructuring(connection),
        ):
            yield connection

    def commit_listener(self) -> CommitListener:
        """Return a listener for commits of any connection."""
        return self.backend.commit_listener(self._engine)

    def announce(self, session: Session) -> None:
        """Notify other processes of a write that adds no timeline entry, once it is committed."""
        self.backend.announce(session.connection())

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()
