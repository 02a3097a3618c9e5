"""Find words in the timeline of a ticket."""

import re
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from helpdesk.domain.i18n import _
from helpdesk.tui.text.margin_text import MarginText
from helpdesk.tui.text.timeline import MARGINS
from helpdesk.tui.widgets.keymap import BACK, FINDING, bindings
from helpdesk.tui.widgets.steady_screen import SteadyModal
from helpdesk.tui.widgets.stored_text import LineField

_EVERY, _CURRENT = "reverse", "bold reverse underline"
_HINTS = "Enter next   ↑ ↓ before, next   Esc back"


class FindLine(SteadyModal[None]):
    """A line to type words in; the matches in a text are marked, and the current one is shown.

    :param text: the widget with the text.
    :param pane: what scrolls the text.
    """

    MANUAL = "agent#work-on-a-ticket"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BACK, FINDING)]

    def __init__(self, text: Static, pane: VerticalScroll) -> None:
        super().__init__()
        self._text = text
        self._pane = pane
        self._whole: MarginText | None = None
        self._plain = Content("")
        self._place = 0

    def compose(self) -> ComposeResult:
        """Lay out the line, and below it how many matches there are."""
        with Vertical():
            yield LineField(placeholder=_("words in this ticket"))
            yield Static(Content(_(_HINTS)), classes="hints", markup=False)

    def on_mount(self) -> None:
        """Focus the line."""
        self.set_focus(self.query_one(Input))

    def on_resize(self) -> None:
        """Mark the matches in the lines as they are at the new width."""
        super().on_resize()
        self.call_after_refresh(self._show)

    @on(Input.Changed)
    def _on_typed(self) -> None:
        # From the newest entry backwards, because it is what one reads first.
        self._place = -1
        self._show()

    def action_match(self, step: int) -> None:
        """Show the next match (1) or the one before (-1)."""
        self._place += step
        self._show()

    def _show(self) -> None:
        if not self.is_up:
            return
        self._take_text()
        words = self.query_one(Input).value.strip()
        matches = list(_pattern(words).finditer(self._plain.plain)) if words else []
        self._place = self._place % len(matches) if matches else 0
        marked = self._plain
        for place, match in enumerate(matches):
            marked = marked.stylize(_CURRENT if place == self._place else _EVERY, *match.span())
        self._text.update(marked)
        told = _HINTS
        if words:
            told = _("nothing found")
        if matches:
            self._bring_into_view(matches[self._place].start())
            count = _("{place} of {all}").format(place=self._place + 1, all=len(matches))
            told = f"{count}   {_(_HINTS)}"
        self.query_one(".hints", Static).update(Content(told))

    def _take_text(self) -> None:
        """Take the text in its lines as they are now; the ticket may have been read again."""
        shown = self._text.content
        if isinstance(shown, MarginText):
            self._whole = shown
        if self._whole is not None:
            self._plain = self._whole.wrap(max(1, self._text.size.width))

    def _bring_into_view(self, start: int) -> None:
        above = self._plain.plain.count("\n", 0, start)
        line = self._text.virtual_region.y + above
        self._pane.scroll_to(y=max(0, line - self._pane.size.height // 2), animate=False)

    def action_back(self) -> None:
        """Close the line; the text loses its marks and stays where it is."""
        self._take_text()
        if self._whole is not None:
            self._text.update(self._whole)
        self.dismiss()


def _pattern(words: str) -> re.Pattern[str]:
    """Return the pattern of words in a text whose lines are wrapped and have a margin."""
    between = f"[\\s{re.escape(MARGINS)}]+"
    return re.compile(between.join(map(re.escape, words.split())), re.IGNORECASE)
