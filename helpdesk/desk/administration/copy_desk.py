"""Copy the desk to another database: from SQLite to PostgreSQL, or back."""

from collections.abc import Callable
from dataclasses import dataclass

from helpdesk.desk.session import DESK_ID, Desk
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.roles import Right
from helpdesk.store.administration.copy import copy_all
from helpdesk.store.database import known_desks
from helpdesk.store.database.database import Database
from helpdesk.store.database.url import parse_url
from helpdesk.store.people import people
from helpdesk.store.ticket import recompute

#: Called with the number of rows done and the number of all rows.
CopyProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class CopyResult:
    """What was copied and compared row by row.

    :ivar source: the name of the database that was copied.
    :ivar target: the name of the new database.
    :ivar rows: how many rows were copied in all tables.
    :ivar left_behind: how many timeline entries were added to the source during the copy.
    """

    source: str
    target: str
    rows: int
    tickets: int
    left_behind: int


def copy_to(desk: Desk, url: str, progress: CopyProgress = lambda done, of: None) -> CopyResult:
    """Copy the whole desk into a new SQLite or PostgreSQL database; the old one is unchanged.

    :param url: the database URL of the target.
    :raises NotPermittedError: if the role does not allow it.
    :raises RefusedError: if the target already holds a desk, or is the source itself.
    :raises UnavailableError: if the target cannot be written, or a copied row differs.
    """
    desk.require(Right.MANAGE_DATABASE)
    target = Database(parse_url(url))
    try:
        if target.url == desk.database.url:
            raise RefusedError("--to names the database that the desk is in: name a new one.")
        with desk.database.read(as_desk=True) as session:
            last = recompute.last_event(session)
            counts = copy_all(session, target, progress)
            known_desks.replaced(target.url, people.desk_setting(session, DESK_ID))
        with desk.database.read(as_desk=True) as session:
            newer = recompute.last_event(session) - last
        rows = sum(counts.values())
        desk.record_use("copied the desk", "", rows, target.name)
        return CopyResult(desk.database.name, target.name, rows, counts["tickets"], newer)
    finally:
        target.close()
