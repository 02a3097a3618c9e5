"""The board's list of the tickets that will be overdue next."""

from dataclasses import dataclass

from rich.style import Style
from textual.message import Message

from helpdesk.tui.queue.table import QueueTable


class RiskTable(QueueTable):
    """A ticket list that shows its cursor only with the focus and lets it leave at the top."""

    #: The head of the numbers is the title of the list, "Due next".
    MIN_ID_WIDTH = 9

    @dataclass
    class Left(Message):
        """The cursor was moved past the first line."""

    def _base_style(self, place: int) -> Style:
        return super()._base_style(place) if self.has_focus else self.rich_style

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()
        self.countdowns.refresh()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh()
        self.countdowns.refresh()

    def action_move(self, lines: int) -> None:
        """Move the cursor by some lines, or report that it leaves the list at the top."""
        if lines < 0 and self.cursor == 0:
            self.post_message(self.Left())
        else:
            super().action_move(lines)
