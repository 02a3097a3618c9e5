"""A list of prepared lines that redraws only the lines that have changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from helpdesk.domain.escalation import Level
from helpdesk.tui.board.lines import ListLine
from helpdesk.tui.text.countdown import SYMBOLS, CountdownStatus
from helpdesk.tui.widgets.keymap import LIST, bindings

_MARK_WIDTH = 3


class LineList(ScrollView, can_focus=True):
    """Lines with a cursor that stops only at lines with a target.

    When the lines are replaced, the cursor stays on the line with the same target.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(LIST)]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "lines--cursor",
        "lines--head",
        *(f"lines--{status}" for status in CountdownStatus),
    }
    DEFAULT_CSS = """
    LineList { width: 1fr; height: auto; scrollbar-size-vertical: 0; overflow-x: hidden; }
    LineList > .lines--cursor { background: $primary-muted; text-style: bold; }
    LineList > .lines--head { color: $secondary; }
    LineList > .lines--warning { color: $warning; }
    LineList > .lines--breached { color: $error; }
    """

    @dataclass
    class Chosen(Message):
        """The user chose a line with Enter or a double click."""

        target: Level | str

    @dataclass
    class Moved(Message):
        """The cursor moved to another line."""

        target: Level | str | None

    @dataclass
    class Left(Message):
        """The cursor was moved past the first line (-1) or past the last one (1)."""

        step: int

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[ListLine, ...] = ()
        self._cursor = 0

    @property
    def target(self) -> Level | str | None:
        """The target of the line under the cursor; None if it has none."""
        return self._lines[self._cursor].target if self._cursor < len(self._lines) else None

    def show(self, lines: Sequence[ListLine], target: Level | str | None = None) -> None:
        """Replace the lines; if their number is unchanged, redraw only those that differ.

        :param target: the target of the line for the cursor; None leaves it where it is.
        """
        before, target = self._lines, target or self.target
        self._lines = tuple(lines)
        place = next(
            (at for at, line in enumerate(lines) if line.target == target and target), None
        )
        self._cursor = self._nearest(0, 1) if place is None else place
        if len(before) != len(lines):
            self.virtual_size = Size(self.size.width, len(lines))
            self.styles.height = len(lines)
            self.refresh()
            return
        for at, (old, new) in enumerate(zip(before, lines, strict=True)):
            if old != new:
                self._refresh_line(at)

    def _nearest(self, place: int, step: int) -> int:
        while 0 <= place < len(self._lines):
            if self._lines[place].target is not None:
                return place
            place += step
        return self._cursor

    def _refresh_line(self, place: int) -> None:
        line = place - self.scroll_offset.y
        if 0 <= line < self.size.height:
            self.refresh(Region(0, line, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        width = self.size.width
        place = y + self.scroll_offset.y
        base = self.rich_style
        if place >= len(self._lines):
            return Strip.blank(width, base)
        line = self._lines[place]
        if line.is_head:
            base += self.get_component_rich_style("lines--head", partial=True)
        elif place == self._cursor and self.has_focus:
            base += self.get_component_rich_style("lines--cursor", partial=True)
        return Strip(self._segments(line, base, width), width)

    def _segments(self, line: ListLine, base: Style, width: int) -> list[Segment]:
        signal = base + self.get_component_rich_style(f"lines--{line.status}", partial=True)
        mark = "" if line.status is CountdownStatus.OK else SYMBOLS[line.status]
        text = set_cell_size(line.text, max(0, width - _MARK_WIDTH))
        return [Segment(set_cell_size(f" {mark}", _MARK_WIDTH), signal), Segment(text, base)]

    def on_focus(self) -> None:
        """Show the cursor."""
        self._refresh_line(self._cursor)

    def on_blur(self) -> None:
        """Hide the cursor."""
        self._refresh_line(self._cursor)

    def go_to(self, place: int) -> None:
        """Put the cursor on a line and scroll the line into view."""
        before, self._cursor = self._cursor, place
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if place <= top + 1:
            self.scroll_to(y=max(0, place - 1), animate=False)
        elif place >= top + height:
            self.scroll_to(y=place - height + 1, animate=False)
        for line in (before, place):
            self._refresh_line(line)
        self.post_message(self.Moved(self.target))

    def action_move(self, lines: int) -> None:
        """Go to the next line with a target, or report that the cursor leaves the list."""
        step = 1 if lines > 0 else -1
        place = self._nearest(self._cursor + step, step)
        if place == self._cursor:
            self.post_message(self.Left(step))
        else:
            self.go_to(place)

    def action_page(self, pages: int) -> None:
        """Report that the cursor leaves the list, downwards or upwards."""
        self.post_message(self.Left(1 if pages > 0 else -1))

    def action_jump(self, place: int) -> None:
        """Go to the first line (0) or the last (-1)."""
        if place == 0:
            self.go_to(self._nearest(0, 1))
        else:
            self.go_to(self._nearest(len(self._lines) - 1, -1))

    def action_open(self) -> None:
        """Choose the line under the cursor, if it has a target."""
        if self.target is not None:
            self.post_message(self.Chosen(self.target))

    def on_click(self, event: Click) -> None:
        """Move the cursor to the clicked line; choose the line on a double click."""
        place = self.scroll_offset.y + event.y
        if place < len(self._lines) and self._lines[place].target is not None:
            if place == self._cursor and event.chain > 1:
                self.action_open()
            else:
                self.go_to(place)
