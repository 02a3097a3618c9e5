"""Moving the desk to another database: from a file to a server, or back."""

from collections.abc import Callable
from dataclasses import dataclass

from helpdesk.desk.session import Desk
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.roles import Right
from helpdesk.store.administration.copy import copy_all
from helpdesk.store.database.database import Database
from helpdesk.store.database.url import parse_url
from helpdesk.store.ticket import recompute

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Moved:
    """What was copied and compared row by row.

    :ivar left_behind: how many entries were made in the old place meanwhile.
    """

    source: str
    target: str
    rows: int
    tickets: int
    left_behind: int


def copy_to(desk: Desk, url: str, progress: Progress = lambda done, of: None) -> Moved:
    """Copy the whole desk into a new database of either engine; the old one stays as it is.

    :raises RefusedError: if there is a desk already, or it is the same database.
    :raises UnavailableError: if it cannot be written, or does not give back what was written.
    """
    desk.require(Right.MANAGE_DATABASE)
    target = Database(parse_url(url))
    try:
        if target.url == desk.database.url:
            raise RefusedError("--to names the database that the desk is in: name a new one.")
        with desk.database.read(as_desk=True) as session:
            last = recompute.last_event(session)
            counts = copy_all(session, target, progress)
        with desk.database.read(as_desk=True) as session:
            newer = recompute.last_event(session) - last
        return Moved(
            desk.database.name, target.name, sum(counts.values()), counts["tickets"], newer
        )
    finally:
        target.close()
