"""Choosing a saved view."""

from collections.abc import Awaitable, Callable

from helpdesk.desk.queue import saved_views
from helpdesk.desk.queue.saved_views import ViewView
from helpdesk.domain.errors import DeskError
from helpdesk.tui.base.host import AppHost
from helpdesk.tui.filter.shown import Shown
from helpdesk.tui.widgets.picker import Choice, Picker

_EMPTY = "no view is saved yet: press f, type a query, and Ctrl+S."


async def choose_view(app: AppHost, show: Callable[[Shown], Awaitable[None]]) -> None:
    """Let the person choose, and show what was chosen."""
    try:
        found = await app.backend.call(saved_views.list_views)
    except DeskError as error:
        app.say_error(error)
        return

    async def chosen(view: ViewView | None) -> None:
        if view is not None:
            await show(Shown(view.query, view.name, view.columns))

    choices = [Choice(one.name, _meaning(one), one) for one in found]
    app.push_screen(Picker("Views", choices, _EMPTY, "agent#filters-and-saved-views"), chosen)


def _meaning(view: ViewView) -> str:
    return f"{view.query}   ({view.owner})" if view.shared and view.owner else view.query
