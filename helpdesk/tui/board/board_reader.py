"""What the lead's board and the wall display have in common: the figures that both draw."""

from datetime import datetime

from textual import work

from helpdesk.desk.queue import board
from helpdesk.desk.queue.board import Board
from helpdesk.domain.errors import DeskError
from helpdesk.tui.base.desk_screen import DeskScreen


class BoardReader(DeskScreen):
    """A screen that reads the board off the UI thread, and draws it.

    :ivar board: what was read last, or None.
    :ivar read_at: when that was.
    """

    def __init__(self) -> None:
        super().__init__()
        self.board: Board | None = None
        self.read_at: datetime | None = None

    def draw(self) -> None:
        """Draw what was read, if there is room for it already."""
        raise NotImplementedError

    def on_resize(self) -> None:
        """Fit everything to the size."""
        self.draw()

    @work(exclusive=True, group="board")
    async def load(self) -> None:
        """Read the board and the header's figures, and draw both."""
        app = self.desk_app
        try:
            self.board = await app.backend.call(board.read)
            await app.refresh_counts()
        except DeskError as error:
            app.say_error(error)
            return
        self.read_at = self.board.read_at
        self.counts_changed()
        self.draw()
