"""Filters that are kept under a name: an agent's own, and those that are shared."""

from dataclasses import dataclass

from helpdesk.desk.queue import filters
from helpdesk.desk.session import Desk
from helpdesk.desk.unit_of_work import named_items
from helpdesk.domain.columns import read_columns
from helpdesk.domain.errors import NotFoundError
from helpdesk.domain.names import accept_name
from helpdesk.domain.roles import Right
from helpdesk.domain.text import one_line
from helpdesk.store import saved_items
from helpdesk.store.models import SavedView


@dataclass(frozen=True, slots=True)
class ViewView:
    """A saved view.

    :ivar columns: names of columns in order; empty: as many as there is room for.
    :ivar owner: the login of who saved it; "" for those that come with the program.
    :ivar version: how often it was saved; 0 for those that come with the program.
    """

    name: str
    query: str
    columns: tuple[str, ...]
    shared: bool
    owner: str
    version: int = 0


#: What most desks look at; a view that is saved under the same name hides one.
_SHIPPED = (
    ViewView("unclaimed", "assignee:none", (), shared=True, owner=""),
    ViewView("due within the hour", "due<1h", (), shared=True, owner=""),
    ViewView("waiting for requester, longest first", "waiting:requester sort:updated", (),
             shared=True, owner=""),
    ViewView("came back", "reopened>0", (), shared=True, owner=""),
    ViewView("left to the lead", "lead:yes", (), shared=True, owner=""),
    ViewView("resolved today", "resolved<1d sort:-updated", (), shared=True, owner=""),
)  # fmt: skip


def list_views(desk: Desk) -> tuple[ViewView, ...]:
    """Return the agent's own views, then those that are shared, then those that are shipped."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        saved = [
            ViewView(one.name, one.query, tuple(one.columns), one.shared, login, one.version)
            for one, login in saved_items.visible(session, SavedView, desk.agent_id)
        ]
    names = {one.name for one in saved}
    own = [one for one in saved if not one.shared]
    others = [one for one in saved if one.shared]
    return (*own, *others, *(one for one in _SHIPPED if one.name not in names))


def show(desk: Desk, name: str) -> ViewView:
    """Return the view of that name.

    :raises NotFoundError: if there is none.
    """
    found = next((one for one in list_views(desk) if one.name == name.strip()), None)
    if found is None:
        raise NotFoundError(
            f"there is no view {one_line(name)[:60]!r}; 'helpdesk view list' shows them."
        )
    return found


def save(
    desk: Desk,
    name: str,
    query: str,
    columns: str = "",
    *,
    shared: bool = False,
    version: int | None = None,
) -> ViewView:
    """Keep a filter under a name, in place of an earlier one of that name.

    :param columns: names with commas between them.
    :param version: the version of the earlier one that the person has seen; 0: they saw none.
    :raises ConflictError: if the earlier one has another version.
    :raises QueryError: if the query is no good.
    :raises NotPermittedError: if it is to be shared, which is for leads.
    """
    desk.require(Right.SHARE if shared else Right.READ)
    name = accept_name(name, "view")
    read = filters.check(desk, query)
    chosen = read_columns(columns)
    with desk.database.write() as session:
        row = named_items.row_to_write(desk, session, SavedView, name, shared=shared, seen=version)
        row.query, row.columns = str(read), list(chosen)
        kept = row.version
    return ViewView(name, str(read), chosen, shared, desk.login, kept)


def version_of(desk: Desk, name: str, *, shared: bool) -> int:
    """Return the version of the view that saving under a name would replace; 0: there is none."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        row = saved_items.find(session, SavedView, desk.agent_id, name.strip(), shared=shared)
        return row.version if row else 0


def delete(desk: Desk, name: str, version: int | None = None) -> ViewView:
    """Forget the agent's own view of that name, or else the shared one; return what it was.

    :param version: the version that the person has seen.
    :raises ConflictError: if it has another one by now.

    :raises NotFoundError: if there is none that was saved.
    :raises NotPermittedError: if it is a shared one of somebody else, and the agent is no lead.
    """
    found = show(desk, name)
    if not found.owner:
        raise NotFoundError(f"the view {found.name!r} comes with the program and stays.")
    named_items.delete_row(
        desk, SavedView, found.name, shared=found.shared, owner=found.owner, seen=version
    )
    return found
