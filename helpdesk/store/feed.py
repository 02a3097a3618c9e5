"""The change feed: has anybody committed anything since I looked?"""

from sqlalchemy import select
from sqlalchemy.sql.functions import max as greatest

from helpdesk.store.database import Database
from helpdesk.store.models import TicketEvent
from helpdesk.store.trouble import told_in_sentences


class Feed:
    """Watches one database over a connection of its own.

    ``PRAGMA data_version`` changes on a connection when another one has committed; asking costs
    microseconds and no lock.  Only then is the newest event's number read, which is what
    :meth:`mark` returns: a number that grows with every change on the desk.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection = database.lone_connection()
        self._data_version = -1
        self._mark = 0

    def mark(self) -> int:
        """Return the number of the newest event that was committed."""
        with told_in_sentences(self._database.name):
            version = self._connection.execute("PRAGMA data_version").fetchone()[0]
            if version != self._data_version:
                with self._database.read() as session:
                    self._mark = session.scalar(select(greatest(TicketEvent.id))) or 0
                self._data_version = version
        return self._mark

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()
