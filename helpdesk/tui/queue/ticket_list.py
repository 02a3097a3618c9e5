"""A list of tickets that something else leads to: an agent's, those behind a figure."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from helpdesk.desk.queue.views import QueuePage
from helpdesk.domain.errors import DeskError
from helpdesk.domain.text import one_line
from helpdesk.tui.queue.table import QueueTable
from helpdesk.tui.queue.table_screen import TableScreen
from helpdesk.tui.widgets.keymap import BACK, GLOBAL, LIST, TICKET, bindings

if TYPE_CHECKING:
    from helpdesk.desk.session import Desk

#: Reads a stretch of the list: from this place on, so many tickets.
Read = Callable[["Desk", int, int], QueuePage]


def of_agent(login: str) -> tuple[str, Read]:
    """Return the title and the reader of an agent's open tickets."""

    def read(desk: "Desk", offset: int, limit: int) -> QueuePage:
        from helpdesk.desk.queue import lists  # brings the ORM along, see the package's docstring

        return lists.page(desk, lists.Selection(assignee=login), offset, limit)

    return f"{login} · open, due first", read


class TicketListScreen(TableScreen):
    """The tickets, with the keys of a queue."""

    MANUAL = "lead#from-a-figure-to-its-tickets"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(TICKET, BACK, GLOBAL)]
    KEYS = (LIST[0], *BACK, *TICKET, *GLOBAL)

    def __init__(self, title: str, read: Read) -> None:
        super().__init__()
        self._title_text = title
        self._read = read

    def body(self) -> Iterable[Widget]:
        """Title, heads, list."""
        yield Static(Content(one_line(self._title_text)), id="title", markup=False)
        yield Static("", id="head", markup=False)
        table = QueueTable(with_queue=True)
        yield Horizontal(table, table.countdowns, id="list")

    def on_mount(self) -> None:
        """Begin in the list."""
        self.set_focus(self.table)

    def on_resize(self) -> None:
        """Fit the heads to the width."""
        self.query_one("#head", Static).update(Content(self.table.head(self.size.width)))
        self.load()

    @work(exclusive=True, group="page")
    async def load(self) -> None:
        """Read the stretch of the list that is on screen."""
        app = self.desk_app
        try:
            page = await app.backend.call(self._read, *self.table.window)
        except DeskError as error:
            app.say_error(error)
            return
        self.table.show_page(page, app.now())
        count = "1 ticket" if page.total == 1 else f"{page.total:,} tickets"
        name = one_line(self._title_text)
        width = max(0, self.size.width - 2 - len(name))
        self.query_one("#title", Static).update(Content(f"{name}{count:>{width}}"))
