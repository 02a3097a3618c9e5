"""A screen that is one list of lines, each about a ticket."""

from textual import on
from textual.widgets import OptionList

from helpdesk.tui.base.desk_screen import DeskScreen


class OptionScreen(DeskScreen):
    """The keys of lists, for a screen with one :class:`OptionList`."""

    @property
    def list(self) -> OptionList:
        """The list."""
        return self.query_one(OptionList)

    def on_mount(self) -> None:
        """Begin in the list."""
        self.set_focus(self.list)

    def action_move(self, lines: int) -> None:
        """Go to another line."""
        for _ in range(abs(lines)):
            if lines > 0:
                self.list.action_cursor_down()
            else:
                self.list.action_cursor_up()

    def action_page(self, pages: int) -> None:
        """Go a page on or back."""
        if pages > 0:
            self.list.action_page_down()  # type: ignore[no-untyped-call]
        else:
            self.list.action_page_up()  # type: ignore[no-untyped-call]

    def action_jump(self, place: int) -> None:
        """Go to the first line or the last."""
        if place == 0:
            self.list.action_first()
        else:
            self.list.action_last()

    async def action_open(self) -> None:
        """Open the ticket of the line."""
        number = self.current_ticket()
        if number is not None:
            await self.desk_app.open_ticket(number)

    @on(OptionList.OptionSelected)
    async def _on_selected(self) -> None:
        await self.action_open()
