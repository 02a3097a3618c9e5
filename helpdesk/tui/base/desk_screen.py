"""What every full screen of the app has: the header, the key bar, and news of the desk."""

import inspect
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from textual.app import ComposeResult
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker, WorkType

from helpdesk.tui.base.host import AppHost, host_of
from helpdesk.tui.widgets.header import Header
from helpdesk.tui.widgets.key_bar import KeyBar
from helpdesk.tui.widgets.keymap import Key
from helpdesk.tui.widgets.too_small import TooSmall


class DeskScreen(Screen[None]):
    """A screen with the header on top and the keys at the bottom."""

    KEYS: tuple[Key, ...] = ()

    @property
    def desk_app(self) -> AppHost:
        """The app, with its desk."""
        return host_of(self)

    def compose(self) -> ComposeResult:
        """Lay out header, body and keys."""
        yield Header()
        yield from self.body()
        yield KeyBar(self.KEYS)
        yield TooSmall()

    def run_worker(self, work: WorkType[Any], *args: Any, **kwargs: Any) -> Worker[Any]:
        """Run something in the background; it is over when the screen is left.

        Textual takes a screen's widgets away before it ends what runs for it: an answer that comes
        between the two has nothing to be drawn on, which is no error.
        """
        if not callable(work) or kwargs.get("thread"):
            return super().run_worker(work, *args, **kwargs)

        async def while_shown() -> Any:
            try:
                result = work()
                return await result if inspect.isawaitable(result) else result
            except NoMatches:
                if self.is_running and self in self.app.screen_stack:
                    raise
                return None

        return super().run_worker(while_shown, *args, **kwargs)

    def body(self) -> Iterable[Widget]:
        """Return what stands between header and keys."""
        return ()

    def on_mount(self) -> None:
        """Draw the header at once."""
        self.draw_header(self.desk_app.now())

    def on_resize(self) -> None:
        """Say so if there is no room."""
        self.query_one(TooSmall).look()

    def on_screen_resume(self) -> None:
        """Catch up with what happened while another screen was on top."""
        self.draw_header(self.desk_app.now())
        if self.desk_app.agent is not None:
            self.desk_changed()

    def draw_header(self, now: datetime) -> None:
        """Draw the header for this second."""
        app = self.desk_app
        # A screen that is come back to while the app ends has lost its widgets already.
        for header in self.query(Header):
            header.show(app.counts, app.agent, now)

    def tick(self, now: datetime) -> None:
        """A second has passed; called on the screen on top."""
        self.draw_header(now)

    def counts_changed(self) -> None:
        """The header's figures were read anew."""
        self.draw_header(self.desk_app.now())

    def desk_changed(self) -> None:
        """Something was committed, or the desk has just been opened."""

    def knowledge_changed(self) -> None:
        """A file of the knowledge base was saved, deleted or moved, by whomever."""
        self.desk_changed()

    @property
    def place(self) -> tuple[int, bool] | None:
        """The ticket that is open here, and whether it is being written in; others see it."""
        return None

    def neighbours_changed(self) -> None:
        """Others came to a ticket, left it, or began to write in it."""

    def current_ticket(self) -> int | None:
        """Return the ticket that the keys act on."""
        return None

    async def action_back(self) -> None:
        """Leave this screen."""
        self.app.pop_screen()
