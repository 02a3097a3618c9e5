"""Save queries as named views: an agent's own, and shared ones."""

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
class SavedViewInfo:
    """A saved view: a query with a name.

    :ivar columns: the names of the columns in order; empty: as many as there is room for.
    :ivar owner: the login of the agent who saved it; "" for views that come with the program.
    :ivar version: how often it was saved; 0 for views that come with the program.
    """

    name: str
    query: str
    columns: tuple[str, ...]
    shared: bool
    owner: str
    version: int = 0


#: Views that come with the program; a saved view with the same name replaces one.
_SHIPPED = (
    SavedViewInfo("unclaimed", "assignee:none", (), shared=True, owner=""),
    SavedViewInfo("due within the hour", "due<1h", (), shared=True, owner=""),
    SavedViewInfo("waiting for requester, longest first", "waiting:requester sort:updated", (),
             shared=True, owner=""),
    SavedViewInfo("came back", "reopened>0", (), shared=True, owner=""),
    SavedViewInfo("going to and fro", "handovers>2 sort:-handovers", (), shared=True, owner=""),
    SavedViewInfo("left to the lead", "lead:yes", (), shared=True, owner=""),
    SavedViewInfo("resolved today", "resolved<1d sort:-updated", (), shared=True, owner=""),
)  # fmt: skip


def list_views(desk: Desk) -> tuple[SavedViewInfo, ...]:
    """Return the agent's own views, then the shared ones, then those of the program."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        saved = [
            SavedViewInfo(row.name, row.query, tuple(row.columns), row.shared, login, row.version)
            for row, login in saved_items.visible(session, SavedView, desk.agent_id)
        ]
    names = {view.name for view in saved}
    own = [view for view in saved if not view.shared]
    shared = [view for view in saved if view.shared]
    return (*own, *shared, *(view for view in _SHIPPED if view.name not in names))


def show(desk: Desk, name: str) -> SavedViewInfo:
    """Return the view with that name.

    :raises NotFoundError: if there is none.
    """
    found = next((view for view in list_views(desk) if view.name == name.strip()), None)
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
) -> SavedViewInfo:
    """Save a query under a name; it replaces an earlier view with that name.

    :param columns: names of columns, separated by commas.
    :param shared: whether to save it for all agents instead of the acting agent.
    :param version: the version of the earlier view that the person has seen; 0: there was none;
        None: any.
    :raises ConflictError: if the earlier view has another version.
    :raises QueryError: if the query has a mistake.
    :raises NotPermittedError: if the agent may not share views.
    """
    desk.require(Right.SHARE if shared else Right.READ)
    name = accept_name(name, "view")
    checked = filters.check(desk, query)
    chosen = read_columns(columns)
    with desk.database.write() as session:
        row = named_items.row_to_write(desk, session, SavedView, name, shared=shared, seen=version)
        row.query, row.columns = str(checked), list(chosen)
        new_version = row.version
    return SavedViewInfo(name, str(checked), chosen, shared, desk.login, new_version)


def version_of(desk: Desk, name: str, *, shared: bool) -> int:
    """Return the version of the view that saving under this name would replace; 0: none."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        row = saved_items.find(session, SavedView, desk.agent_id, name.strip(), shared=shared)
        return row.version if row else 0


def delete(desk: Desk, name: str, version: int | None = None) -> SavedViewInfo:
    """Delete the agent's own view of that name, or else the shared one; return what it was.

    :param version: the version that the agent has seen; None: any.
    :raises ConflictError: if the view has another version now.
    :raises NotFoundError: if there is no such saved view.
    :raises NotPermittedError: if somebody else shared it and the agent is not a lead.
    """
    found = show(desk, name)
    if not found.owner:
        raise NotFoundError(
            f"the view {found.name!r} comes with the program and stays: save yours under "
            "another name."
        )
    named_items.delete_row(
        desk, SavedView, found.name, shared=found.shared, owner=found.owner, seen=version
    )
    return found
