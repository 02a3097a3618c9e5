"""The countdowns beside the list of tickets, in a separate widget.

When part of a line changes, Textual sends everything from the left edge of its widget up to there.
Therefore the time is at the left edge of its own widget: each second sends only its digits.
"""

from collections.abc import Callable
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from helpdesk.tui.queue.columns import due_width


@dataclass(frozen=True, slots=True)
class CountdownCell:
    """The cell beside one ticket: its countdown with the name of the clock, and the style."""

    text: str
    style: Style


class CountdownColumn(Widget):
    """A column of countdowns, one in each line; the list beside it supplies them.

    :param cell_of: returns the cell of a line on screen; None for an empty line.
    """

    DEFAULT_CSS = "CountdownColumn { width: auto; height: 1fr; }"

    @dataclass
    class Clicked(Message):
        """A line was clicked; ``chain`` counts clicks in quick succession."""

        line: int
        chain: int

    @dataclass
    class Scrolled(Message):
        """The wheel was turned over the column."""

        lines: int

    def __init__(self, cell_of: Callable[[int], CountdownCell | None]) -> None:
        super().__init__()
        self._cell_of = cell_of

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Return the width for this terminal."""
        return due_width(container.width)

    def refresh_time(self, line: int, width: int) -> None:
        """Redraw only the first cells of a line, if the rest and its colour are unchanged."""
        self.refresh(Region(0, line, width, 1))

    def refresh_line(self, line: int) -> None:
        """Redraw a whole line."""
        if 0 <= line < self.size.height:
            self.refresh(Region(0, line, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        width = self.size.width
        cell = self._cell_of(y)
        if cell is None:
            return Strip.blank(width, self.rich_style)
        blank = " " * max(0, width - cell_len(cell.text))
        return Strip([Segment(cell.text + blank, cell.style)], width).crop(0, width)

    def on_click(self, event: Click) -> None:
        """Report the click to the list."""
        self.post_message(self.Clicked(event.y, event.chain))

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Report the scrolling to the list."""
        self.post_message(self.Scrolled(3))

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Report the scrolling to the list."""
        self.post_message(self.Scrolled(-3))
