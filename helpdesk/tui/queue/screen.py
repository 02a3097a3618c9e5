"""A queue on screen: L1 to L4, or one's own tickets."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from helpdesk.desk.views import QueueCount, QueuePage
from helpdesk.domain.errors import DeskError
from helpdesk.domain.escalation import Level
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import ref
from helpdesk.tui.countdown_text import SYMBOLS, Mood
from helpdesk.tui.keymap import GLOBAL, LIST, TICKET, bindings
from helpdesk.tui.queue.countdown_column import CountdownColumn
from helpdesk.tui.queue.preview import Preview
from helpdesk.tui.queue.table import MARGIN, QueueTable
from helpdesk.tui.ticket_actions import TicketActions

_REST_S = 0.25


class QueueScreen(TicketActions):
    """The start screen.

    :param queue: the level shown, or None for the agent's own tickets.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(TICKET, GLOBAL)]
    KEYS = (
        *(key for key in GLOBAL if key.name in ("log", "search")),
        *LIST[:1],
        *TICKET,
        *(key for key in GLOBAL if key.name not in ("log", "search")),
    )

    def __init__(self, queue: Level | None) -> None:
        super().__init__()
        self.queue = queue
        self._rest: Timer | None = None
        self._go_to: int | None = None
        #: Set once the list has been read; a key that comes right after ``2`` waits for it.
        self.loaded = asyncio.Event()

    def body(self) -> Iterable[Widget]:
        """Title, heads, list, preview."""
        yield Static("", id="title", markup=False)
        yield Static("", id="head", markup=False)
        table = QueueTable(with_queue=self.queue is None)
        yield Horizontal(table, table.countdowns, id="list")
        yield Static("", id="empty", markup=False)
        yield Preview()

    @property
    def table(self) -> QueueTable:
        """The list."""
        return self.query_one(QueueTable)

    def on_mount(self) -> None:
        """Draw the frame; the tickets come when the desk is open."""
        self._draw_title()
        self.set_focus(self.table)

    def on_resize(self) -> None:
        """Fit the heads to the width."""
        self.query_one("#head", Static).update(Content(self.table.head(self.size.width)))
        self.query_one(Preview).display = self.size.height >= 20
        if self.desk_app.agent is not None:
            self._load()

    def tick(self, now: datetime) -> None:
        """Draw the countdowns that changed in this second."""
        super().tick(now)
        self.table.tick(now)

    def counts_changed(self) -> None:
        """Draw the figures in the title too."""
        super().counts_changed()
        self._draw_title()

    def desk_changed(self) -> None:
        """Read the list anew."""
        self._load()

    def current_ticket(self) -> int | None:
        """The ticket under the cursor."""
        row = self.table.current
        return row.number if row else None

    def go_to(self, number: int) -> None:
        """Put the cursor on a ticket as soon as the list is read."""
        self._go_to = number
        self._load()

    @on(QueueTable.RowsWanted)
    def _on_rows_wanted(self) -> None:
        self._load()

    @work(exclusive=True, group="page")
    async def _load(self) -> None:
        from helpdesk.desk import queues  # brings the ORM along, see the package's docstring

        app = self.desk_app
        if app.agent is None:
            return
        assignee = None if self.queue else app.agent.login
        selection = queues.Selection(queue=self.queue, assignee=assignee)
        try:
            place = None
            if self._go_to is not None:
                place = await app.backend.call(queues.position, selection, self._go_to)
                self._go_to = None
            offset, limit = self.table.window
            if place is not None:
                offset = max(0, place - MARGIN)
            page = await app.backend.call(queues.page, selection, offset, limit)
            self.show_page(page)
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

    _previewed: int | None = None

    def show_page(self, page: QueuePage) -> None:
        """Put a stretch of the list on screen."""
        self.table.show_page(page, self.desk_app.now())
        self._draw_empty(page.total)

    def _draw_title(self) -> None:
        counts = self.desk_app.counts
        name = "mine · open, due first"
        if self.queue:
            called = one_line(counts.names.get(self.queue, "")) if counts else ""
            # A policy that gives a level no name calls it by its number.
            after = "" if called in ("", self.queue) else f" · {called}"
            name = f"{self.queue} · open, due first{after}"
        count = QueueCount()
        if counts is not None:
            count = counts.queues[self.queue] if self.queue else counts.mine
        parts = ["1 ticket" if count.open == 1 else f"{count.open} tickets"]
        if count.warning:
            parts.append(f"{SYMBOLS[Mood.WARNING]} {count.warning} warning")
        if count.breached:
            parts.append(f"{SYMBOLS[Mood.BREACHED]} {count.breached} breached")
        right = " · ".join(parts) if counts else ""
        width = max(0, self.size.width - 2 - len(name))
        self.query_one("#title", Static).update(Content(f"{name}{right:>{width}}"))

    def _draw_empty(self, total: int) -> None:
        empty = self.query_one("#empty", Static)
        empty.display = total == 0
        self.query_one("#list").display = total > 0
        if total == 0:
            whose = f"in {self.queue}" if self.queue else "assigned to you"
            empty.update(
                Content(f"no open tickets {whose}. Press n to log a query, ? for all keys.")
            )

    @on(QueueTable.Opened)
    async def _on_opened(self, event: QueueTable.Opened) -> None:
        await self.desk_app.open_ticket(event.number)

    @on(CountdownColumn.Clicked)
    def _on_countdown_clicked(self, event: CountdownColumn.Clicked) -> None:
        self.table.click_line(event.line, event.chain)

    @on(CountdownColumn.Scrolled)
    def _on_countdowns_scrolled(self, event: CountdownColumn.Scrolled) -> None:
        self.table.scroll_relative(y=event.lines, animate=False)

    @on(QueueTable.Moved)
    def _on_moved(self) -> None:
        self._preview_soon()

    def _preview_soon(self) -> None:
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(_REST_S, self._show_preview)

    @work(exclusive=True, group="preview")
    async def _show_preview(self) -> None:
        from helpdesk.desk import suggest, tickets  # as in _load

        number = self.current_ticket()
        preview = self.query_one(Preview)
        self._previewed = number
        if number is None or not preview.display:
            preview.clear()
            return
        backend = self.desk_app.backend
        try:
            ticket = await backend.call(tickets.show, number)
            preview.show(ticket, None)
            found = await backend.look_up(
                suggest.suggest, ticket.subject, "all", 4, False, ticket.service
            )
        except DeskError:
            return
        hits = tuple(hit for hit in found.hits if hit.id != ref(number))
        preview.show(ticket, type(found)(hits, found.corrected, found.ms))
