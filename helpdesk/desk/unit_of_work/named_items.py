"""Replace and delete saved views and macros, which are stored by name, private or shared."""

from typing import TypeVar

from sqlalchemy.orm import Session

from helpdesk.desk.seen_version import CurrentVersion, require_seen
from helpdesk.desk.session import Desk
from helpdesk.domain.roles import Right
from helpdesk.store import saved_items
from helpdesk.store.models import Macro, SavedView
from helpdesk.store.ticket import tickets

N = TypeVar("N", SavedView, Macro)

#: The word for each in messages, and the command that shows it.
_WORDS = {SavedView: ("view", "helpdesk view list"), Macro: ("macro", "helpdesk macro show")}


def row_to_write(
    desk: Desk, session: Session, kind: type[N], name: str, *, shared: bool, seen: int | None
) -> N:
    """Return the row of that name with its version increased, or a new row, for the caller to fill.

    :param seen: the version that the person has seen; 0 if they saw that there was none; None to
        replace any version.
    :raises ConflictError: if the row has another version.
    """
    row = saved_items.find(session, kind, desk.agent_id, name, shared=shared)
    require_seen(seen, _current_version(session, kind, name, row))
    if row is None:
        row = kind(name=name, shared=shared, version=0)
        session.add(row)
    row.version += 1
    row.owner_id, row.updated_at = desk.agent_id, desk.now()
    return row


def delete_row(
    desk: Desk, kind: type[N], name: str, *, shared: bool, owner: str, seen: int | None
) -> None:
    """Delete the view or macro of that name.

    :param owner: the login of its owner.
    :param seen: as for :func:`row_to_write`.
    :raises ConflictError: if it has another version.
    :raises NotPermittedError: if it is shared by another agent, and the acting agent is not a lead.
    """
    desk.require(Right.SHARE if shared and owner != desk.login else Right.READ)
    with desk.database.write() as session:
        row = saved_items.find(session, kind, desk.agent_id, name, shared=shared)
        require_seen(seen, _current_version(session, kind, name, row))
        if row is not None:
            session.delete(row)


def _current_version(session: Session, kind: type[N], name: str, row: N | None) -> CurrentVersion:
    what, look = _WORDS[kind]
    if row is None:
        return CurrentVersion(f"a {what} {name!r}", 0, look=look)
    by = tickets.login_of(session, row.owner_id)
    return CurrentVersion(f"a {what} {name!r}", row.version, by, row.updated_at, look)
