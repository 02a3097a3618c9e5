"""The base class of the lead's board and the wall display, which draw the same figures."""

from datetime import datetime

from textual import work

from helpdesk.desk.queue import board
from helpdesk.desk.queue.board import LeadBoard
from helpdesk.domain.errors import DeskError
from helpdesk.tui.base.desk_screen import DeskScreen


class BoardReader(DeskScreen):
    """A screen that reads the board outside the UI thread and then draws it.

    :ivar board: the board as last read; None before the first read.
    :ivar read_at: when the board was last read, in UTC.
    """

    def __init__(self) -> None:
        super().__init__()
        self.board: LeadBoard | None = None
        self.read_at: datetime | None = None

    def draw(self) -> None:
        """Draw the board; do nothing before it has been read or while the screen has no size."""
        raise NotImplementedError

    def on_resize(self) -> None:
        """Redraw to fit the new size."""
        self.draw()

    @work(exclusive=True, group="board")
    async def load(self) -> None:
        """Read the board and the header's figures, then draw both."""
        app = self.desk_app
        try:
            self.board = await app.backend.call(board.read)
            await app.refresh_counts()
        except DeskError as error:
            app.say_error(error, of_loading=True)
            return
        self.read_at = self.board.read_at
        self.counts_changed()
        self.draw()
