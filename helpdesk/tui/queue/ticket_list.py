"""A screen with a given list of tickets, such as an agent's or those behind a figure."""

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
from helpdesk.tui.widgets.key_bar import most_used_first
from helpdesk.tui.widgets.keymap import BACK, GLOBAL, LIST, TICKET, bindings

if TYPE_CHECKING:
    from helpdesk.desk.session import Desk

#: Reads a part of the list, given its offset and number of tickets.
ReadPage = Callable[["Desk", int, int], QueuePage]


def agent_tickets(login: str) -> tuple[str, ReadPage]:
    """Return the arguments of :class:`TicketListScreen` for an agent's open tickets."""

    def read(desk: "Desk", offset: int, limit: int) -> QueuePage:
        from helpdesk.desk.queue import lists  # imports the ORM, so only when needed

        return lists.page(desk, lists.Selection(assignee=login), offset, limit)

    return f"{login} · open, due first", read


class TicketListScreen(TableScreen):
    """A list of tickets with the keys of a queue.

    :param read: reads a part of the list.
    """

    MANUAL = "lead#from-a-figure-to-its-tickets"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(TICKET, BACK, GLOBAL)]
    KEYS = most_used_first(
        (LIST[0], *BACK, *TICKET, *GLOBAL),
        *("open", "claim", "reply", "resolve", "assign", "escalate", "back"),
    )

    def __init__(self, title: str, read: ReadPage) -> None:
        super().__init__()
        self._title_text = title
        self._read_page = read

    def body(self) -> Iterable[Widget]:
        """Lay out the title, the column headers and the list."""
        yield Static(Content(one_line(self._title_text)), id="title", markup=False)
        yield Static("", id="head", markup=False)
        table = QueueTable(with_queue=True, own_signs=self.own_signs)
        yield Horizontal(table, table.countdowns, id="list")

    def on_mount(self) -> None:
        """Focus the list."""
        self.set_focus(self.table)

    def on_resize(self) -> None:
        """Fit the column headers to the width and read the visible tickets."""
        self.draw_head()
        self.load()

    @work(exclusive=True, group="page")
    async def load(self) -> None:
        """Read the visible part of the list."""
        app = self.desk_app
        try:
            page = await app.backend.call(self._read_page, *self.table.window)
        except DeskError as error:
            app.say_error(error, of_loading=True)
            return
        app.loaded()
        self.table.show_page(page, app.now())
        count = "1 ticket" if page.total == 1 else f"{page.total:,} tickets"
        name = one_line(self._title_text)
        width = max(0, self.size.width - 2 - len(name))
        self.query_one("#title", Static).update(Content(f"{name}{count:>{width}}"))
