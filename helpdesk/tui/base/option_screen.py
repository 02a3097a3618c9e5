"""A screen with one list, in which each line is about a ticket."""

from textual import on
from textual.widgets import OptionList

from helpdesk.tui.base.desk_screen import DeskScreen


class OptionScreen(DeskScreen):
    """Base class that handles the list keys for a screen with one :class:`OptionList`."""

    @property
    def list(self) -> OptionList:
        """The list."""
        return self.query_one(OptionList)

    def on_mount(self) -> None:
        """Focus the list."""
        self.set_focus(self.list)

    def action_move(self, lines: int) -> None:
        """Move the cursor down by this many lines, or up if negative."""
        for _ in range(abs(lines)):
            if lines > 0:
                self.list.action_cursor_down()
            else:
                self.list.action_cursor_up()

    def action_page(self, pages: int) -> None:
        """Move the cursor a page down, or up if negative."""
        if pages > 0:
            self.list.action_page_down()  # type: ignore[no-untyped-call]
        else:
            self.list.action_page_up()  # type: ignore[no-untyped-call]

    def action_jump(self, place: int) -> None:
        """Move the cursor to the first line (0) or the last (-1)."""
        if place == 0:
            self.list.action_first()
        else:
            self.list.action_last()

    def neighbour(self, number: int, step: int) -> int | None:
        """Move the cursor to the next line (1), or the one before (-1), of another ticket."""
        last = self.list.option_count - 1
        while self.current_ticket() in (number, None):
            if self.list.highlighted in (None, last if step > 0 else 0):
                return None
            self.action_move(step)
        return self.current_ticket()

    async def action_open(self) -> None:
        """Open the ticket of the line under the cursor."""
        number = self.current_ticket()
        if number is not None:
            await self.desk_app.open_ticket(number)

    @on(OptionList.OptionSelected)
    async def _on_selected(self) -> None:
        await self.action_open()
