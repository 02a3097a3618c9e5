"""The tickets that will be overdue next, as a part of the board."""

from dataclasses import dataclass

from rich.style import Style
from textual.message import Message

from helpdesk.tui.queue.table import QueueTable


class RiskTable(QueueTable):
    """A queue's list whose cursor is shown while it has the focus, and can leave at the top."""

    @dataclass
    class Left(Message):
        """The cursor was moved beyond the first line."""

    def _base_style(self, place: int) -> Style:
        return super()._base_style(place) if self.has_focus else self.rich_style

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()
        self.countdowns.refresh()

    def on_blur(self) -> None:
        """Show no cursor."""
        self.refresh()
        self.countdowns.refresh()

    def action_move(self, lines: int) -> None:
        """Move the cursor by lines, or out of the list."""
        if lines < 0 and self.cursor == 0:
            self.post_message(self.Left())
        else:
            super().action_move(lines)
