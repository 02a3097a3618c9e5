"""The change feed: has anybody committed anything since I looked?"""

from sqlalchemy import select
from sqlalchemy.sql.functions import max as greatest

from helpdesk.store.database import schema_version
from helpdesk.store.database.database import Database
from helpdesk.store.database.errors import told_in_sentences
from helpdesk.store.models import TicketEvent


class Feed:
    """Watches one database.

    Entries of timelines are the sequence of changes: they are committed in the order of their
    numbers.  The database's kind tells when it is worth reading the newest number, so that to ask
    costs next to nothing while nothing happens.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        with told_in_sentences(database.name):
            self._ear = database.ear()
        self._heard = -1
        self._mark = 0

    def mark(self) -> int:
        """Return the number of the newest entry that was committed: it grows with every change."""
        with told_in_sentences(self._database.name):
            heard = self._ear.listen()
            if heard != self._heard:
                with self._database.read() as session:
                    schema_version.require_unchanged(
                        schema_version.found(session.connection()), self._database.name
                    )
                    self._mark = session.scalar(select(greatest(TicketEvent.id))) or 0
                self._heard = heard  # not before: what could not be read is read at the next call
        return self._mark

    @property
    def sound(self) -> int:
        """A number that is another after a change of a ticket, or one that was announced, by
        anybody; as of the last :meth:`mark`."""
        return self._heard

    def close(self) -> None:
        """Stop listening."""
        self._ear.close()
