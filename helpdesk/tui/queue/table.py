"""The list of tickets: a virtual list that holds only the rows on screen and around it.

Its cost does not depend on the number of tickets.  Each second it redraws only the countdowns
whose text has changed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
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

from helpdesk.desk.queue.views import QueuePage, QueueRow
from helpdesk.tui.queue.columns import COUNTDOWN_WIDTH, Column, chosen_layout, clock_tag, layout
from helpdesk.tui.queue.countdown_column import CountdownCell, CountdownColumn
from helpdesk.tui.text.countdown import CountdownStatus, CountdownText, due_text
from helpdesk.tui.widgets.keymap import LIST, bindings

_MARK_WIDTH = 3
#: How many rows are loaded before and after those on screen.
MARGIN = 60


class QueueTable(ScrollView, can_focus=True):
    """A virtual list with a cursor that stays on its ticket when the order changes.

    :param with_queue: whether to show the queue of each ticket.
    :param columns: the names of the columns; empty for as many as fit.
    :param presence_sign: returns a one-cell sign of who else is on a ticket, or "".
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(LIST)]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "queue--cursor",
        "queue--head",
        "queue--dim",
        *(f"queue--{status}" for status in CountdownStatus),
    }
    DEFAULT_CSS = """
    QueueTable { width: 1fr; height: 1fr; scrollbar-size-vertical: 0; overflow-x: hidden; }
    QueueTable > .queue--cursor { background: $primary-muted; text-style: bold; }
    QueueTable > .queue--head { color: $secondary; }
    QueueTable > .queue--dim { color: $secondary; }
    QueueTable > .queue--ok { color: $foreground; }
    QueueTable > .queue--warning { color: $warning; }
    QueueTable > .queue--breached { color: $error; text-style: bold; }
    QueueTable > .queue--paused { color: $secondary; }
    QueueTable > .queue--met { color: $success; }
    """

    @dataclass
    class Opened(Message):
        """The user opened a ticket with Enter or a double click."""

        number: int

    @dataclass
    class Moved(Message):
        """The cursor moved to another ticket, or to none."""

        number: int | None

    @dataclass
    class RowsWanted(Message):
        """Rows from ``offset`` on are needed but not loaded."""

        offset: int

        def can_replace(self, message: Message) -> bool:
            """Let a newer request replace an older one."""
            return isinstance(message, QueueTable.RowsWanted)

    def __init__(
        self,
        *,
        with_queue: bool,
        columns: tuple[str, ...] = (),
        presence_sign: Callable[[int], str] = lambda number: "",
    ) -> None:
        super().__init__()
        self._presence_sign = presence_sign
        self._with_queue = with_queue
        self._chosen_columns = columns
        self._marked: dict[int, None] = {}
        self._rows: dict[int, QueueRow] = {}
        self._total = 0
        self._cursor = 0
        self._now: datetime | None = None
        self._painted: dict[int, CountdownText] = {}
        #: The countdowns of the lines on screen; to be placed to the right of this list.
        self.countdowns = CountdownColumn(self._cell_of_line)
        self._columns: tuple[Column, ...] = ()

    @property
    def current(self) -> QueueRow | None:
        """The row under the cursor; None if it is not loaded."""
        return self._rows.get(self._cursor)

    @property
    def marked(self) -> tuple[int, ...]:
        """The numbers of the marked tickets, in the order in which they were marked."""
        return tuple(self._marked)

    def toggle_mark(self) -> None:
        """Mark the ticket under the cursor, or remove its mark, and go to the next ticket."""
        row = self.current
        if row is None:
            return
        if row.number in self._marked:
            del self._marked[row.number]
        else:
            self._marked[row.number] = None
        self._refresh_line(self._cursor)
        self.select(self._cursor + 1)

    def mark_all(self) -> None:
        """Mark all loaded tickets; if all of them are marked, remove all marks."""
        loaded = [row.number for _, row in sorted(self._rows.items())]
        if all(number in self._marked for number in loaded):
            self._marked.clear()
        else:
            self._marked.update(dict.fromkeys(loaded))
        self.refresh()

    def clear_marks(self) -> None:
        """Remove all marks."""
        if self._marked:
            self._marked.clear()
            self.refresh()

    @property
    def cursor(self) -> int:
        """The index in the whole list of the line under the cursor."""
        return self._cursor

    @property
    def window(self) -> tuple[int, int]:
        """The offset and number of the rows that should be loaded now."""
        offset = max(0, self.scroll_offset.y - MARGIN)
        return offset, self.size.height + 2 * MARGIN

    def show_page(self, page: QueuePage, now: datetime, *, stay: bool = False) -> None:
        """Replace the loaded rows by those of a page; the cursor stays on its ticket.

        :param stay: whether the cursor stays on its line instead.
        """
        before = self.current
        self._now = now
        self._total = page.total
        self._rows = dict(enumerate(page.rows, page.offset))
        self._follow(None if stay else before)
        self.virtual_size = Size(self.size.width, page.total)
        self._painted.clear()
        self.refresh()
        self.countdowns.refresh()
        after = self.current
        if (before and before.number) != (after and after.number):
            self.post_message(self.Moved(after.number if after else None))

    def _follow(self, row: QueueRow | None) -> None:
        place = None
        if row is not None:
            place = next((at for at, one in self._rows.items() if one.number == row.number), None)
        if place is not None and place != self._cursor:
            self.scroll_to(y=self.scroll_offset.y + place - self._cursor, animate=False)
        self._cursor = place if place is not None else self._cursor
        self._cursor = max(0, min(self._cursor, self._total - 1))

    def select(self, place: int) -> None:
        """Put the cursor on the ticket with this index in the whole list."""
        place = max(0, min(place, self._total - 1))
        before, self._cursor = self._cursor, place
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if place < top:
            self.scroll_to(y=place, animate=False)
        elif place >= top + height:
            self.scroll_to(y=place - height + 1, animate=False)
        for line in (before, place):
            self._refresh_line(line)
        row = self.current
        if row is None and self._total:
            self.post_message(self.RowsWanted(max(0, place - MARGIN)))
        self.post_message(self.Moved(row.number if row else None))

    def tick(self, now: datetime) -> None:
        """Redraw the countdowns whose text has changed."""
        self._now = now
        first = self.scroll_offset.y
        for place in range(first, min(first + self.size.height, self._total)):
            row = self._rows.get(place)
            if row is None or row.clock is None:
                continue
            text = due_text(row.clock, now)
            painted = self._painted.get(place)
            if painted is None or painted.status is not text.status:
                self._refresh_line(place)
            elif text != painted and len(text.text) == len(painted.text):
                self.countdowns.refresh_time(place - first, text.text)
            elif text != painted:
                self.countdowns.refresh_line(place - first)

    def _refresh_line(self, place: int) -> None:
        line = place - self.scroll_offset.y
        if 0 <= line < self.size.height:
            self.refresh(Region(0, line, self.size.width, 1))
            self.countdowns.refresh_line(line)

    def _cell_of_line(self, line: int) -> CountdownCell | None:
        place = line + self.scroll_offset.y
        row = self._rows.get(place)
        if row is None:
            return None
        shown = self._shown(row)
        self._painted[place] = shown
        return CountdownCell(shown, clock_tag(row), self._signal_style(place, shown))

    def _shown(self, row: QueueRow) -> CountdownText:
        if row.clock is None or self._now is None:
            return CountdownText(CountdownStatus.OK, "")
        return due_text(row.clock, self._now)

    def _base_style(self, place: int) -> Style:
        base = self.rich_style
        if place == self._cursor:
            base += self.get_component_rich_style("queue--cursor", partial=True)
        return base

    def _signal_style(self, place: int, shown: CountdownText) -> Style:
        signal = self.get_component_rich_style(f"queue--{shown.status}", partial=True)
        return self._base_style(place) + signal

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        width = self.size.width
        if not self._columns or self._columns_width != width:
            self._columns = self._layout(width + COUNTDOWN_WIDTH)
            self._columns_width = width
        place = y + self.scroll_offset.y
        base = self.rich_style
        row = self._rows.get(place)
        if row is None:
            if place < self._total:
                self.post_message(self.RowsWanted(max(0, place - MARGIN)))
            return Strip.blank(width, base)
        return Strip(self._segments(place, row, self._base_style(place)), width)

    _columns_width = 0

    def _segments(self, place: int, row: QueueRow, base: Style) -> list[Segment]:
        shown = self._shown(row)
        dim = base + self.get_component_rich_style("queue--dim", partial=True)
        marked = "●" if row.number in self._marked else " "
        mark = "⏸" if shown.status is CountdownStatus.PAUSED else shown.symbol
        text = "".join(
            set_cell_size(column.text(row), column.width - 1) + " " for column in self._columns
        )
        text_style = dim if shown.status is CountdownStatus.PAUSED else base
        presence = self._presence_sign(row.number) or " "
        return [
            Segment(f"{marked}{mark}{presence}", self._signal_style(place, shown)),
            Segment(set_cell_size(text, max(0, self.size.width - _MARK_WIDTH)), text_style),
        ]

    def _layout(self, width: int) -> tuple[Column, ...]:
        if self._chosen_columns:
            return chosen_layout(width, self._chosen_columns)
        return layout(width, with_queue=self._with_queue)

    def head(self, width: int) -> str:
        """Return the line of column headers for a width of the terminal in cells."""
        columns = self._layout(width)
        names = "".join(set_cell_size(column.head, column.width) for column in columns)
        return set_cell_size(" " * _MARK_WIDTH + names, width - COUNTDOWN_WIDTH) + "Due"

    def action_move(self, lines: int) -> None:
        """Move the cursor by some lines."""
        self.select(self._cursor + lines)

    def action_page(self, pages: int) -> None:
        """Move the cursor by some screens."""
        self.select(self._cursor + pages * max(1, self.size.height - 1))

    def action_jump(self, place: int) -> None:
        """Go to the first line (0) or the last (-1)."""
        self.select(place if place >= 0 else self._total - 1)

    def action_open(self) -> None:
        """Open the ticket under the cursor."""
        if self.current is not None:
            self.post_message(self.Opened(self.current.number))

    def on_click(self, event: Click) -> None:
        """Move the cursor to the clicked line; open its ticket on a double click."""
        self.click_line(event.y, event.chain)

    def click_line(self, line: int, chain: int) -> None:
        """Handle a click on a line.

        :param line: the line on screen.
        :param chain: how many clicks came in quick succession.
        """
        place = self.scroll_offset.y + line
        if place >= self._total:
            return
        if place == self._cursor and chain > 1:
            self.action_open()
        else:
            self.select(place)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Request rows that were scrolled into view and are not loaded."""
        super().watch_scroll_y(old_value, new_value)
        self.countdowns.refresh()
        first = self.scroll_offset.y
        for place in (first, min(first + self.size.height, self._total) - 1):
            if 0 <= place < self._total and place not in self._rows:
                self.post_message(self.RowsWanted(max(0, first - MARGIN)))
                return
