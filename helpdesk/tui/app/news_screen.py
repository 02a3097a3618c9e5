"""The list of all news since the app was started, each in full."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.domain.i18n import _
from helpdesk.tui.text.moments import stamp_text
from helpdesk.tui.text.news import NewsItem
from helpdesk.tui.widgets.keymap import BACK, bindings
from helpdesk.tui.widgets.steady_screen import SteadyModal


class NewsScreen(SteadyModal[None]):
    """Shows the news, newest first.

    :param items: the news, oldest first.
    :param now: the current time.
    """

    MANUAL = "agent#your-inbox"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BACK)]

    def __init__(self, items: Iterable[NewsItem], now: datetime) -> None:
        super().__init__()
        self._items = tuple(items)
        self._now = now

    def compose(self) -> ComposeResult:
        """One scrolling text."""
        with VerticalScroll():
            title = _("News since the app was started")
            yield Static(Content.styled(title, "bold $accent"), classes="title", markup=False)
            for item in reversed(self._items):
                when = Content.styled(f"{stamp_text(item.at, self._now)}  ", "$secondary")
                yield Static(when + item.content(), markup=False)
            if not self._items:
                yield Static(Content(_("There is no news yet.")), markup=False)

    def on_mount(self) -> None:
        """Let the arrow keys move the text."""
        self.set_focus(self.query_one(VerticalScroll))

    def action_back(self) -> None:
        """Close the list."""
        self.dismiss()
