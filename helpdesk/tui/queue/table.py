"""The list of tickets: draws only the lines on screen, holds only the rows around them.

It costs the same for 100 and for 1,000,000 tickets.  Each second only those countdowns whose text
has changed are drawn again, and of the line only their cells.
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
from helpdesk.tui.text.countdown import CountdownText, Mood, countdown_text
from helpdesk.tui.widgets.keymap import LIST, bindings

_MARK_WIDTH = 3
#: How many rows are held beyond the screen on either side.
MARGIN = 60


class QueueTable(ScrollView, can_focus=True):
    """A virtual list with a cursor that stays on its ticket when the order changes."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(LIST)]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "queue--cursor",
        "queue--head",
        "queue--dim",
        *(f"queue--{mood}" for mood in Mood),
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
        """A ticket was chosen."""

        number: int

    @dataclass
    class Moved(Message):
        """The cursor is on another ticket now, or on none."""

        number: int | None

    @dataclass
    class RowsWanted(Message):
        """Rows from ``offset`` on are not held yet."""

        offset: int

        def can_replace(self, message: Message) -> bool:
            """A newer wish stands for an older one."""
            return isinstance(message, QueueTable.RowsWanted)

    def __init__(
        self,
        *,
        with_queue: bool,
        columns: tuple[str, ...] = (),
        neighbour_of: Callable[[int], str] = lambda number: "",
    ) -> None:
        super().__init__()
        self._neighbour_of = neighbour_of
        self._with_queue = with_queue
        self._chosen_columns = columns
        self._marked: dict[int, None] = {}
        self._rows: dict[int, QueueRow] = {}
        self._total = 0
        self._cursor = 0
        self._now: datetime | None = None
        self._painted: dict[int, CountdownText] = {}
        #: The countdowns of the lines on screen; stands to the right of this list.
        self.countdowns = CountdownColumn(self._cell_of_line)
        self._columns: tuple[Column, ...] = ()

    @property
    def current(self) -> QueueRow | None:
        """The row under the cursor."""
        return self._rows.get(self._cursor)

    @property
    def marked(self) -> tuple[int, ...]:
        """The numbers of the marked tickets, in the order in which they were marked."""
        return tuple(self._marked)

    def toggle_mark(self) -> None:
        """Mark the ticket under the cursor, or take its mark away, and go on to the next."""
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
        """Mark every ticket that is held here; none, if all of them are marked."""
        held = [row.number for _, row in sorted(self._rows.items())]
        if all(number in self._marked for number in held):
            self._marked.clear()
        else:
            self._marked.update(dict.fromkeys(held))
        self.refresh()

    def forget_marks(self) -> None:
        """Take all marks away."""
        if self._marked:
            self._marked.clear()
            self.refresh()

    @property
    def cursor(self) -> int:
        """The place of the line under the cursor."""
        return self._cursor

    @property
    def window(self) -> tuple[int, int]:
        """Offset and number of the rows that should be held now."""
        offset = max(0, self.scroll_offset.y - MARGIN)
        return offset, self.size.height + 2 * MARGIN

    def show_page(self, page: QueuePage, now: datetime) -> None:
        """Put a page in place of what is held; the cursor stays on its ticket."""
        before = self.current
        self._now = now
        self._total = page.total
        self._rows = dict(enumerate(page.rows, page.offset))
        self._follow(before)
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
            place = next((n for n, one in self._rows.items() if one.number == row.number), None)
        if place is not None and place != self._cursor:
            self.scroll_to(y=self.scroll_offset.y + place - self._cursor, animate=False)
        self._cursor = place if place is not None else self._cursor
        self._cursor = max(0, min(self._cursor, self._total - 1))

    def select(self, place: int) -> None:
        """Put the cursor on the ticket at a place of the list."""
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
        """Draw the countdowns anew that look different now."""
        self._now = now
        first = self.scroll_offset.y
        for place in range(first, min(first + self.size.height, self._total)):
            row = self._rows.get(place)
            if row is None or row.clock is None:
                continue
            text = countdown_text(row.clock, now)
            painted = self._painted.get(place)
            if painted is None or painted.mood is not text.mood:
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
            return CountdownText(Mood.OK, "")
        return countdown_text(row.clock, self._now)

    def _base_style(self, place: int) -> Style:
        base = self.rich_style
        if place == self._cursor:
            base += self.get_component_rich_style("queue--cursor", partial=True)
        return base

    def _signal_style(self, place: int, shown: CountdownText) -> Style:
        signal = self.get_component_rich_style(f"queue--{shown.mood}", partial=True)
        return self._base_style(place) + signal

    def render_line(self, y: int) -> Strip:
        """Draw a line of the screen."""
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
        picked = "●" if row.number in self._marked else " "
        mark = "⏸" if shown.mood is Mood.PAUSED else shown.symbol
        text = "".join(
            set_cell_size(column.text(row), column.width - 1) + " " for column in self._columns
        )
        text_style = dim if shown.mood is Mood.PAUSED else base
        beside = self._neighbour_of(row.number) or " "
        return [
            Segment(f"{picked}{mark}{beside}", self._signal_style(place, shown)),
            Segment(set_cell_size(text, max(0, self.size.width - _MARK_WIDTH)), text_style),
        ]

    def _layout(self, width: int) -> tuple[Column, ...]:
        if self._chosen_columns:
            return chosen_layout(width, self._chosen_columns)
        return layout(width, with_queue=self._with_queue)

    def head(self, width: int) -> str:
        """Return the line of column heads for a width."""
        columns = self._layout(width)
        names = "".join(set_cell_size(column.head, column.width) for column in columns)
        return set_cell_size(" " * _MARK_WIDTH + names, width - COUNTDOWN_WIDTH) + "Due"

    def action_move(self, lines: int) -> None:
        """Move the cursor by lines."""
        self.select(self._cursor + lines)

    def action_page(self, pages: int) -> None:
        """Move the cursor by screens."""
        self.select(self._cursor + pages * max(1, self.size.height - 1))

    def action_jump(self, place: int) -> None:
        """Go to the first line (0) or the last (-1)."""
        self.select(place if place >= 0 else self._total - 1)

    def action_open(self) -> None:
        """Choose the ticket under the cursor."""
        if self.current is not None:
            self.post_message(self.Opened(self.current.number))

    def on_click(self, event: Click) -> None:
        """A click moves the cursor, a second one on the same line opens."""
        self.click_line(event.y, event.chain)

    def click_line(self, line: int, chain: int) -> None:
        """Act on a click on a line."""
        place = self.scroll_offset.y + line
        if place >= self._total:
            return
        if place == self._cursor and chain > 1:
            self.action_open()
        else:
            self.select(place)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for rows that scrolled into sight and are not held."""
        super().watch_scroll_y(old_value, new_value)
        self.countdowns.refresh()
        first = self.scroll_offset.y
        for place in (first, min(first + self.size.height, self._total) - 1):
            if 0 <= place < self._total and place not in self._rows:
                self.post_message(self.RowsWanted(max(0, first - MARGIN)))
                return
