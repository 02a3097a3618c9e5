"""Views and macros are kept under a name, own or shared: replacing and deleting one."""

from typing import TypeVar

from sqlalchemy.orm import Session

from helpdesk.desk.seen_version import Standing, require_seen
from helpdesk.desk.session import Desk
from helpdesk.domain.roles import Right
from helpdesk.store import saved_items
from helpdesk.store.models import Macro, SavedView
from helpdesk.store.ticket import tickets

N = TypeVar("N", SavedView, Macro)

#: What each is called, and the command that shows it.
_CALLED = {SavedView: ("view", "helpdesk view list"), Macro: ("macro", "helpdesk macro show")}


def row_to_write(
    desk: Desk, session: Session, kind: type[N], name: str, *, shared: bool, seen: int | None
) -> N:
    """Return the row of that name to be filled, with its next version; a new one if there is none.

    :param seen: the version that the person has seen; 0: they saw none; None: it does not matter.
    :raises ConflictError: if it has another version.
    """
    row = saved_items.find(session, kind, desk.agent_id, name, shared=shared)
    require_seen(seen, _standing(session, kind, name, row))
    if row is None:
        row = kind(name=name, shared=shared, version=0)
        session.add(row)
    row.version += 1
    row.owner_id, row.updated_at = desk.agent_id, desk.now()
    return row


def delete_row(
    desk: Desk, kind: type[N], name: str, *, shared: bool, owner: str, seen: int | None
) -> None:
    """Delete the one of that name.

    :param owner: the login of its owner.
    :param seen: as of :func:`row_to_write`.
    :raises ConflictError: if it has another version.
    :raises NotPermittedError: if it is a shared one of somebody else, and the agent is no lead.
    """
    desk.require(Right.SHARE if shared and owner != desk.login else Right.READ)
    with desk.database.write() as session:
        row = saved_items.find(session, kind, desk.agent_id, name, shared=shared)
        require_seen(seen, _standing(session, kind, name, row))
        if row is not None:
            session.delete(row)


def _standing(session: Session, kind: type[N], name: str, row: N | None) -> Standing:
    what, look = _CALLED[kind]
    if row is None:
        return Standing(f"a {what} {name!r}", 0, look=look)
    by = tickets.login_of(session, row.owner_id)
    return Standing(f"a {what} {name!r}", row.version, by, row.updated_at, look)
