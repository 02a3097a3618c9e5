"""The change feed: whether anything was committed since the last look."""

from sqlalchemy import select
from sqlalchemy.sql.functions import max as greatest

from helpdesk.store.database import schema_version
from helpdesk.store.database.database import Database
from helpdesk.store.database.errors import translated_errors
from helpdesk.store.models import TicketEvent


class ChangeFeed:
    """Watches one database for changes.

    Timeline entries are the sequence of changes: they are committed in the order of their numbers.
    The newest number is only read after the backend has noticed a commit, so that polling costs
    next to nothing while nothing happens.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        with translated_errors(database.name):
            self._listener = database.commit_listener()
        self._commit_marker = -1
        self._mark = 0

    def mark(self) -> int:
        """Return the number of the newest committed timeline entry; it grows with every change."""
        with translated_errors(self._database.name):
            marker = self._listener.listen()
            if marker != self._commit_marker:
                with self._database.read(as_desk=True) as session:
                    schema_version.require_unchanged(
                        schema_version.stored_version(session.connection()), self._database.name
                    )
                    self._mark = session.scalar(select(greatest(TicketEvent.id))) or 0
                self._commit_marker = marker  # set last: a failed read is repeated at the next call
        return self._mark

    @property
    def commit_marker(self) -> int:
        """A number that changes after each commit that changes a ticket or is announced.

        It is as of the last call of :meth:`mark`.
        """
        return self._commit_marker

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()
