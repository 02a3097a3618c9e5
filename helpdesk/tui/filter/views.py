"""The dialog to choose a saved view."""

from collections.abc import Awaitable, Callable

from helpdesk.desk.queue import saved_views
from helpdesk.desk.queue.saved_views import SavedViewInfo
from helpdesk.domain.errors import DeskError
from helpdesk.tui.base.host import AppHost
from helpdesk.tui.filter.list_filter import ListFilter
from helpdesk.tui.widgets.picker import Choice, Picker

_EMPTY = "no view is saved yet: press f, type a query, and Ctrl+S."


async def choose_view(app: AppHost, show: Callable[[ListFilter], Awaitable[None]]) -> None:
    """Let the user choose a saved view.

    :param show: is called with the chosen view; it is not called if the user leaves.
    """
    try:
        views = await app.backend.call(saved_views.list_views)
    except DeskError as error:
        app.say_error(error)
        return

    async def chosen(view: SavedViewInfo | None) -> None:
        if view is not None:
            await show(ListFilter(view.query, view.name, view.columns))

    choices = [Choice(view.name, _description(view), view) for view in views]
    app.push_screen(Picker("Views", choices, _EMPTY, "agent#filters-and-saved-views"), chosen)


def _description(view: SavedViewInfo) -> str:
    return f"{view.query}   ({view.owner})" if view.shared and view.owner else view.query
