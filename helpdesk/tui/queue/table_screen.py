"""The base class of screens with a list of tickets."""

from datetime import datetime

from textual import on
from textual.content import Content
from textual.widgets import Static

from helpdesk.tui.queue.countdown_column import CountdownColumn
from helpdesk.tui.queue.table import QueueTable
from helpdesk.tui.ticket.actions import TicketActions


class TableScreen(TicketActions):
    """A screen with one :class:`QueueTable`; keys act on the ticket under its cursor."""

    @property
    def table(self) -> QueueTable:
        """The list."""
        return self.query_one(QueueTable)

    def own_signs(self, number: int) -> tuple[str, str]:
        """Return the signs, or "", of one's own draft about a ticket and of one's timer on it."""
        own = self.desk_app.own_work
        return own.draft_sign(number), own.timer_sign(number)

    def load(self) -> object:
        """Start a worker that reads the list again."""
        raise NotImplementedError

    def tick(self, now: datetime) -> None:
        """Draw the countdowns that changed in this second."""
        super().tick(now)
        self.table.tick(now)

    def desk_changed(self) -> None:
        """Read the list again."""
        self.load()

    def current_ticket(self) -> int | None:
        """Return the ticket under the cursor."""
        row = self.table.current
        return row.number if row else None

    @on(QueueTable.HeadChanged)
    def draw_head(self) -> None:
        """Draw the column headers for the width of the screen."""
        self.query_one("#head", Static).update(Content(self.table.head(self.size.width)))

    def neighbour(self, number: int, step: int) -> int | None:
        """Move the cursor from a ticket to the next one (1) or the one before (-1)."""
        return self.table.move_from(number, step)

    @on(QueueTable.RowsWanted)
    def _on_rows_wanted(self) -> None:
        self.load()

    @on(QueueTable.Opened)
    async def _on_opened(self, event: QueueTable.Opened) -> None:
        await self.desk_app.open_ticket(event.number)

    @on(CountdownColumn.Clicked)
    def _on_countdown_clicked(self, event: CountdownColumn.Clicked) -> None:
        self.table.click_line(event.line, event.chain)

    @on(CountdownColumn.Scrolled)
    def _on_countdowns_scrolled(self, event: CountdownColumn.Scrolled) -> None:
        self.table.scroll_relative(y=event.lines, animate=False)
