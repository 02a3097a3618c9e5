"""The base class of all full screens: header, key bar, and hooks for changes of the desk."""

from collections.abc import Iterable
from datetime import datetime

from textual.app import ComposeResult
from textual.widget import Widget

from helpdesk.tui.base.host import AppHost, host_of
from helpdesk.tui.widgets.header import Header
from helpdesk.tui.widgets.key_bar import KeyBar
from helpdesk.tui.widgets.keymap import Key
from helpdesk.tui.widgets.steady_screen import SteadyScreen


class DeskScreen(SteadyScreen[None]):
    """A screen with the header at the top and the key bar at the bottom."""

    KEYS: tuple[Key, ...] = ()

    @property
    def desk_app(self) -> AppHost:
        """The app in which this screen is shown."""
        return host_of(self)

    def compose(self) -> ComposeResult:
        """Lay out header, body and key bar."""
        yield Header()
        yield from self.body()
        yield KeyBar(self.KEYS)

    def body(self) -> Iterable[Widget]:
        """Return the widgets between header and key bar."""
        return ()

    def on_mount(self) -> None:
        """Draw the header at once."""
        self.draw_header(self.desk_app.now())

    def on_screen_resume(self) -> None:
        """Show what has changed while another screen was on top."""
        self.draw_header(self.desk_app.now())
        if self.desk_app.agent is not None:
            self.desk_changed()

    def draw_header(self, now: datetime) -> None:
        """Draw the header for this second."""
        app = self.desk_app
        # A screen that is resumed while the app ends has lost its widgets already.
        for header in self.query(Header):
            header.show(app.counts, app.agent, now, app.hazard_words())

    def tick(self, now: datetime) -> None:
        """Handle the start of a second; called on the top screen only."""
        self.draw_header(now)

    def counts_changed(self) -> None:
        """Handle that the header's counts were read again."""
        self.draw_header(self.desk_app.now())

    def desk_changed(self) -> None:
        """Handle a commit by anybody, or that the desk has just been opened."""

    def knowledge_changed(self) -> None:
        """Handle that a file of the knowledge base was saved, deleted or moved."""
        self.desk_changed()

    @property
    def place(self) -> tuple[int, bool] | None:
        """The open ticket and whether the agent is writing in it; other agents see this."""
        return None

    def presence_changed(self) -> None:
        """Handle that other agents opened a ticket, left it, or began to write in it."""

    def current_ticket(self) -> int | None:
        """Return the ticket that the keys act on."""
        return None

    async def action_back(self) -> None:
        """Close this screen."""
        self.app.pop_screen()
