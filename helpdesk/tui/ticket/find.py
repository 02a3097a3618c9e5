"""Find words in the timeline of a ticket."""

import re
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from helpdesk.domain.i18n import _
from helpdesk.tui.widgets.keymap import BACK, FINDING, bindings
from helpdesk.tui.widgets.stored_text import LineField

_EVERY, _CURRENT = "reverse", "bold reverse underline"
_HINTS = "Enter next   ↑ ↓ before, next   Esc back"


class FindLine(ModalScreen[None]):
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
        self._plain = Content("")
        self._marked: Content | None = None
        self._place = 0

    def compose(self) -> ComposeResult:
        """Lay out the line, and below it how many matches there are."""
        with Vertical():
            yield LineField(placeholder=_("words in this ticket"))
            yield Static(Content(_(_HINTS)), classes="hints", markup=False)

    def on_mount(self) -> None:
        """Focus the line."""
        self.set_focus(self.query_one(Input))

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
        self._take_text()
        words = self.query_one(Input).value.strip()
        matches = list(re.finditer(re.escape(words), self._plain.plain, re.IGNORECASE))
        if not words:
            matches = []
        self._place = self._place % len(matches) if matches else 0
        marked = self._plain
        for place, match in enumerate(matches):
            marked = marked.stylize(_CURRENT if place == self._place else _EVERY, *match.span())
        self._marked = marked
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
        """Take the text as it is shown now; the ticket may have been read again."""
        shown = self._text.content
        if shown is not self._marked and isinstance(shown, Content):
            self._plain = shown

    def _bring_into_view(self, start: int) -> None:
        above = self._plain[:start].get_height({}, max(1, self._text.size.width)) - 1
        line = self._text.virtual_region.y + above
        self._pane.scroll_to(y=max(0, line - self._pane.size.height // 2), animate=False)

    def action_back(self) -> None:
        """Close the line; the text loses its marks and stays where it is."""
        self._take_text()
        self._text.update(self._plain)
        self.dismiss()
