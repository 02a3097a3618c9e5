"""A queue on screen: L1 to L4, or one's own tickets."""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from helpdesk.desk.agent_view import AgentView
from helpdesk.desk.queue.views import QueueCount, QueuePage
from helpdesk.domain.errors import DeskError
from helpdesk.domain.escalation import Level
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import ref
from helpdesk.tui.filter.shown import Shown
from helpdesk.tui.queue.preview import Preview
from helpdesk.tui.queue.table import MARGIN, QueueTable
from helpdesk.tui.queue.table_screen import TableScreen
from helpdesk.tui.text.countdown import SYMBOLS, Mood
from helpdesk.tui.widgets.keymap import GLOBAL, LIST, QUEUE, TICKET, bindings

if TYPE_CHECKING:
    from helpdesk.desk.queue.lists import Selection

_REST_S = 0.25
#: The desk counts no further (``store.ticket.queues.COUNTED``).
_MOST_COUNTED = 10_000


class QueueScreen(TableScreen):
    """The start screen.

    :param queue: the level shown, or None for the agent's own tickets.
    :param shown: what is shown instead of all that is open there.
    """

    MANUAL = "agent#the-queue"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(TICKET, QUEUE, GLOBAL),
        Binding("escape", "plain", show=False),
    ]
    KEYS = (
        *(key for key in GLOBAL if key.name in ("log", "search")),
        *LIST[:1],
        *TICKET[:6],
        *QUEUE,
        *TICKET[6:],
        *(key for key in GLOBAL if key.name not in ("log", "search")),
    )

    def __init__(self, queue: Level | None, shown: Shown | None = None) -> None:
        super().__init__()
        self.queue = queue
        self.shown = shown
        self._total = 0
        self._rest: Timer | None = None
        self._go_to: int | None = None
        #: Set once the list has been read; a key that comes right after ``2`` waits for it.
        self.loaded = asyncio.Event()

    def body(self) -> Iterable[Widget]:
        """Title, heads, list, preview."""
        yield Static("", id="title", markup=False)
        yield Static("", id="head", markup=False)
        columns = self.shown.columns if self.shown else ()
        table = QueueTable(
            with_queue=self.queue is None or bool(self.shown),
            columns=columns,
            neighbour_of=self.desk_app.neighbours.writing,
        )
        yield Horizontal(table, table.countdowns, id="list")
        yield Static("", id="empty", markup=False)
        yield Preview()

    def on_mount(self) -> None:
        """Draw the frame; the tickets come when the desk is open."""
        self._draw_title()
        self.set_focus(self.table)

    def on_resize(self) -> None:
        """Fit the heads to the width."""
        self.query_one("#head", Static).update(Content(self.table.head(self.size.width)))
        self.query_one(Preview).display = self.size.height >= 20
        if self.desk_app.agent is not None:
            self.load()

    def counts_changed(self) -> None:
        """Draw the figures in the title too."""
        super().counts_changed()
        self._draw_title()

    def neighbours_changed(self) -> None:
        """Draw the signs of who is where; the tickets are as they were."""
        self.table.refresh()

    def chosen_tickets(self) -> tuple[int, ...]:
        """Those that are marked, else the one under the cursor."""
        return self.table.marked or super().chosen_tickets()

    def forget_marks(self) -> None:
        """Take the marks away."""
        self.table.forget_marks()
        self._draw_title()

    def action_mark(self) -> None:
        """Mark the ticket under the cursor, or take its mark away."""
        self.table.toggle_mark()
        self._draw_title()

    def action_mark_all(self) -> None:
        """Mark all that is held here, or none."""
        self.table.mark_all()
        self._draw_title()

    async def action_plain(self) -> None:
        """Take the marks away; then the filter."""
        if self.table.marked:
            self.forget_marks()
        elif self.shown is not None:
            await self._show(None)

    async def action_filter(self) -> None:
        """Type a query."""
        from helpdesk.tui.filter.line import FilterLine  # imported when first used

        text = self.shown.query if self.shown else ""
        if self.shown is None:
            text = f"queue:{self.queue} " if self.queue else "assignee:me "

        async def answered(query: str | None) -> None:
            if query is not None:
                await self._show(Shown(query) if query else None)

        if self.desk_app.agent is not None:
            self.app.push_screen(FilterLine(text), answered)

    async def action_views(self) -> None:
        """Choose a saved view."""
        from helpdesk.tui.filter.views import choose_view  # as above

        await choose_view(self.desk_app, self._show)

    async def _show(self, shown: Shown | None) -> None:
        if shown != self.shown:
            await self.app.switch_screen(QueueScreen(self.queue, shown))

    async def go_on_with(self, number: int) -> None:
        """Put the cursor on a ticket that was just claimed, if it is in this list."""
        if self.shown is not None:
            await super().go_on_with(number)
            return
        self.go_to(number)

    def go_to(self, number: int) -> None:
        """Put the cursor on a ticket as soon as the list is read."""
        self._go_to = number
        self.load()

    @work(exclusive=True, group="page")
    async def load(self) -> None:
        """Read the stretch of the list that is on screen, and the header's figures."""
        from helpdesk.desk.queue import lists  # brings the ORM along, see the package's docstring

        app = self.desk_app
        if app.agent is None:
            return
        try:
            selection = self._selection(app.agent)
            place = None
            if self._go_to is not None and self.shown is None:
                place = await app.backend.call(lists.position, selection, self._go_to)
            offset, limit = self.table.window
            if place is not None:
                offset = max(0, place - MARGIN)
            page = await app.backend.call(lists.page, selection, offset, limit)
            self.show_page(page)
            # Only now: a load that news of the desk interrupts is begun again, with its aim.
            self._go_to = None
            if place is not None:
                self.table.select(place)
            await app.refresh_counts()
        except DeskError as error:
            app.say_error(error)
            return
        self.counts_changed()
        self.loaded.set()
        if self.table.current is None or self.table.current.number != self._previewed:
            self._preview_soon()

    def _selection(self, agent: AgentView) -> "Selection":
        from helpdesk.desk.queue.lists import Selection  # as in load

        if self.shown is not None:
            from helpdesk.domain.query import parse  # only a filter needs it

            return Selection(query=parse(self.shown.query))
        return Selection(queue=self.queue, assignee=None if self.queue else agent.login)

    _previewed: int | None = None

    def show_page(self, page: QueuePage) -> None:
        """Put a stretch of the list on screen."""
        self._total = page.total
        self.table.show_page(page, self.desk_app.now())
        self._draw_empty(page.total)

    def _draw_title(self) -> None:
        if self.shown is not None:
            self._draw_shown(self.shown)
            return
        counts = self.desk_app.counts
        name, after = "mine · open, due first", ""
        if self.queue:
            called = one_line(counts.names.get(self.queue, "")) if counts else ""
            # A policy that gives a level no name calls it by its number.
            after = "" if called in ("", self.queue) else f" · {called}"
            name = f"{self.queue} · open, due first{after}"
        count = QueueCount()
        if counts is not None:
            count = counts.queues[self.queue] if self.queue else counts.mine
        parts = [f"● {len(self.table.marked)} marked"] if self.table.marked else []
        parts += ["1 ticket" if count.open == 1 else f"{count.open} tickets"]
        if count.warning:
            parts.append(f"{SYMBOLS[Mood.WARNING]} {count.warning} warning")
        if count.breached:
            parts.append(f"{SYMBOLS[Mood.BREACHED]} {count.breached} breached")
        right = " · ".join(parts) if counts else ""
        if cell_len(name) + cell_len(right) + 2 > self.size.width - 2:
            name = name.removesuffix(after)
        width = max(0, self.size.width - 2 - len(name))
        self.query_one("#title", Static).update(Content(f"{name}{right:>{width}}"))

    def _draw_shown(self, shown: Shown) -> None:
        more = "+" if self._total >= _MOST_COUNTED else ""
        right = f"{self._total:,}{more} ticket{'' if self._total == 1 else 's'}"
        if self.table.marked:
            right = f"● {len(self.table.marked)} marked · {right}"
        name = shown.name or "filter"
        room = max(8, self.size.width - 2 - cell_len(right) - 2)
        left = set_cell_size(one_line(f"{name}: {shown.query or 'all open'}"), room)
        self.query_one("#title", Static).update(Content(f"{left}  {right}"))

    def _draw_empty(self, total: int) -> None:
        empty = self.query_one("#empty", Static)
        empty.display = total == 0
        self.query_one("#list").display = total > 0
        if total == 0:
            if self.shown is not None:
                empty.update(Content("the filter finds nothing.  f changes it, Esc leaves it."))
                return
            whose = f"in {self.queue}" if self.queue else "assigned to you"
            empty.update(
                Content(f"no open tickets {whose}. Press n to log a query, ? for all keys.")
            )

    @on(QueueTable.Moved)
    def _on_moved(self) -> None:
        self._preview_soon()

    def _preview_soon(self) -> None:
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(_REST_S, self._show_preview)

    @work(exclusive=True, group="preview")
    async def _show_preview(self) -> None:
        from helpdesk.desk.search import suggest  # as in load
        from helpdesk.desk.ticket import show_ticket  # as in load

        number = self.current_ticket()
        preview = self.query_one(Preview)
        self._previewed = number
        if number is None or not preview.display:
            preview.clear()
            return
        backend = self.desk_app.backend
        try:
            ticket = await backend.call(show_ticket.show, number)
            preview.show(ticket, None)
            found = await backend.look_up(
                suggest.suggest, ticket.subject, "all", 4, False, ticket.service
            )
        except DeskError:
            return
        hits = tuple(hit for hit in found.hits if hit.id != ref(number))
        preview.show(ticket, type(found)(hits, found.corrected, found.ms))
