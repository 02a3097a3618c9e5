"""The queue screen: the tickets of a level L1 to L4, or the agent's own."""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from textual import on, work
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from helpdesk.desk.agent_view import AgentView
from helpdesk.desk.queue.views import FoldedRow, QueueCount, QueuePage, QueueRow
from helpdesk.desk.search.views import SearchMode
from helpdesk.domain.errors import DeskError
from helpdesk.domain.escalation import Level
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import ref
from helpdesk.tui.base.own_work import OwnWork
from helpdesk.tui.filter.list_filter import ListFilter
from helpdesk.tui.queue.order import DUE_FIRST, order_picker, order_title
from helpdesk.tui.queue.preview import TicketPreview
from helpdesk.tui.queue.table import MARGIN, QueueTable
from helpdesk.tui.queue.table_screen import TableScreen
from helpdesk.tui.text.countdown import SYMBOLS, CountdownStatus
from helpdesk.tui.widgets.key_bar import most_used_first
from helpdesk.tui.widgets.keymap import GLOBAL, LIST, QUEUE, TICKET, bindings

if TYPE_CHECKING:
    from helpdesk.desk.queue.lists import Selection

#: How long the cursor must rest on a ticket before the preview shows it.
_PREVIEW_DELAY_S = 0.25
#: The desk does not count further than this (``store.ticket.queues.COUNTED``).
_MAX_COUNT = 10_000


class QueueScreen(TableScreen):
    """The start screen: a queue as a list of tickets.

    :param queue: the level shown, or None for the agent's own tickets.
    :param list_filter: the filter to show instead of all open tickets there.
    """

    MANUAL = "agent#the-queue"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(TICKET, QUEUE, GLOBAL)]
    KEYS = most_used_first(
        (*GLOBAL, *LIST[:1], *TICKET, *QUEUE),
        *("log", "search", "open", "claim", "reply", "resolve", "escalate", "note", "pend"),
        *("next", "mark", "filter", "assign", "mine"),
    )

    def __init__(self, queue: Level | None, list_filter: ListFilter | None = None) -> None:
        super().__init__()
        self.queue = queue
        self.list_filter = list_filter
        self._total = 0
        self._preview_timer: Timer | None = None
        self._go_to: int | None = None
        self._unfolded: int | None = None
        self._own_work = OwnWork()
        #: Set once the list has been read: a key pressed right after ``2`` waits for that.
        self.loaded = asyncio.Event()

    def body(self) -> Iterable[Widget]:
        """Lay out the title, the column headers, the list and the preview."""
        yield Static("", id="title", markup=False)
        yield Static("", id="head", markup=False)
        columns = self.list_filter.columns if self.list_filter else ()
        table = QueueTable(
            with_queue=self.queue is None or bool(self.list_filter),
            with_who=self.queue is not None or bool(self.list_filter),
            columns=columns,
            presence_sign=self.desk_app.presence.sign_for,
            own_signs=self.own_signs,
        )
        yield Horizontal(table, table.countdowns, id="list")
        yield Static("", id="empty", markup=False)
        yield TicketPreview()

    def on_mount(self) -> None:
        """Draw the title and focus the list; tickets are shown once the desk is open."""
        self._draw_title()
        self.set_focus(self.table)

    def on_resize(self) -> None:
        """Fit the column headers to the width and read the visible tickets."""
        self.draw_head()
        self.query_one(TicketPreview).display = self.size.height >= 20
        if self.desk_app.agent is not None:
            self.load()

    def counts_changed(self) -> None:
        """Draw the header and the title with the new figures."""
        super().counts_changed()
        self._draw_title()
        if self.desk_app.own_work != self._own_work:
            self._own_work = self.desk_app.own_work
            self.table.refresh()

    def presence_changed(self) -> None:
        """Redraw the list for the signs of who is on which ticket; the tickets are unchanged."""
        self.table.refresh()

    def chosen_tickets(self) -> tuple[int, ...]:
        """Return the marked tickets, or else the one under the cursor."""
        return self.table.marked or super().chosen_tickets()

    def clear_marks(self) -> None:
        """Remove all marks."""
        self.table.clear_marks()
        self._draw_title()

    def action_mark(self) -> None:
        """Mark the ticket under the cursor, or remove its mark."""
        self.table.toggle_mark()
        self._draw_title()

    def action_mark_all(self) -> None:
        """Mark all loaded tickets; if all of them are marked, remove all marks."""
        self.table.mark_all()
        self._draw_title()

    def action_unfold(self) -> None:
        """Show the duplicates that are folded under a ticket below it, or fold them again."""
        row = self.table.current
        if self._unfolded is not None and row is not None and row.number != self._unfolded:
            is_below = row.duplicate_of == ref(self._unfolded)
        else:
            is_below = False
        if is_below:
            self._go_to, self._unfolded = self._unfolded, None
        elif isinstance(row, FoldedRow):
            self._go_to = row.number
            self._unfolded = None if row.unfolded else row.number
        else:
            self.desk_app.say(_("no duplicates are folded under this ticket."), done=False)
            return
        self.load()

    async def action_plain(self) -> None:
        """Remove the marks, or else the filter."""
        if self.table.marked:
            self.clear_marks()
        elif self.list_filter is not None:
            await self._show(None)

    async def action_filter(self) -> None:
        """Let the user type a filter query."""
        from helpdesk.tui.filter.line import FilterLine  # imported when first used

        text = self.list_filter.query if self.list_filter else ""
        if self.list_filter is None:
            text = f"queue:{self.queue} " if self.queue else "assignee:me "

        async def answered(query: str | None) -> None:
            if query is not None:
                await self._show(ListFilter(query) if query else None)

        if self.desk_app.agent is not None:
            self.app.push_screen(FilterLine(text), answered)

    async def action_sort(self) -> None:
        """Let the user choose the order of the list, or turn it round."""

        async def chosen(order: str | None) -> None:
            if order is None:
                return
            if self.list_filter is not None:
                await self._show(self.list_filter.sorted_by(order))
                return
            self.desk_app.orders[self.queue] = order
            self._go_to = self.current_ticket()
            self._draw_title()
            self.load()

        if self.desk_app.agent is not None:
            order = self.list_filter.order if self.list_filter else self.order
            self.app.push_screen(order_picker(order), chosen)

    @property
    def order(self) -> str:
        """The order of a list without a filter, kept while the app runs."""
        return self.desk_app.orders.get(self.queue, DUE_FIRST)

    async def action_views(self) -> None:
        """Let the user choose a saved view."""
        from helpdesk.tui.filter.views import choose_view  # as above

        await choose_view(self.desk_app, self._show)

    async def _show(self, list_filter: ListFilter | None) -> None:
        if list_filter != self.list_filter:
            await self.app.switch_screen(QueueScreen(self.queue, list_filter))

    async def show_claimed(self, number: int) -> None:
        """Put the cursor on a ticket that was just claimed, if it is in this list."""
        if self.list_filter is not None:
            await super().show_claimed(number)
            return
        self.go_to(number)

    def go_to(self, number: int) -> None:
        """Read the list again and then put the cursor on a ticket."""
        self._go_to = number
        self.load()

    @work(exclusive=True, group="page")
    async def load(self) -> None:
        """Read the visible part of the list and the header's figures."""
        from helpdesk.desk.queue import lists  # imports the ORM, so only when needed

        app = self.desk_app
        if app.agent is None:
            return
        try:
            selection = self._selection(app.agent)
            place = None
            if self._go_to is not None and self.list_filter is None:
                place = await app.backend.call(lists.position, selection, self._go_to)
            offset, limit = self.table.window
            if place is not None:
                offset = max(0, place - MARGIN)
            page = await app.backend.call(lists.page, selection, offset, limit)
            before = self.table.current
            self.show_page(page, stay=self._was_parked(before, page))
            self._tell_if_gone(before, page, selection)
            # Cleared only now: a load that a change interrupts starts again with the same ticket.
            self._go_to = None
            if place is not None:
                self.table.select(place)
            await app.refresh_counts()
        except DeskError as error:
            app.say_error(error, of_loading=True)
            return
        self.counts_changed()
        self.loaded.set()
        if _version_of(self.table.current) != self._previewed:
            self._preview_soon()

    def _was_parked(self, before: QueueRow | None, page: QueuePage) -> bool:
        """Whether this agent has just let the ticket under the cursor wait.

        Then the cursor stays on its line, so that work goes on with the next ticket.
        """
        after = next((row for row in page.rows if before and row.number == before.number), None)
        if before is None or after is None or not after.waiting_on or before.waiting_on:
            return False
        return after.number in self.desk_app.last_change

    @work(group="gone")
    async def _tell_if_gone(
        self, before: QueueRow | None, page: QueuePage, selection: "Selection"
    ) -> None:
        """Say that somebody else took the ticket under the cursor out of the list."""
        from helpdesk.desk.queue import lists  # as in load
        from helpdesk.desk.ticket import show_ticket

        app, agent = self.desk_app, self.desk_app.agent
        if before is None or any(row.number == before.number for row in page.rows):
            return
        if before.number in app.last_change or agent is None:
            return
        try:
            now = await app.backend.call(show_ticket.show, before.number)
            in_list = await app.backend.call(lists.position, selection, before.number)
        except DeskError:  # it may not be seen any more
            told = _("{ticket} is not in this list any more.").format(ticket=before.ref)
            app.say(told, done=False)
            return
        actor = now.events[-1].actor
        if in_list is not None or now.version == before.version or actor == agent.login:
            return
        here = self.table.current
        app.say(
            _(
                "{ticket} left this list: {actor} changed it ({state}, {queue}); "
                "the cursor is on {here} now."
            ).format(
                ticket=before.ref,
                actor=one_line(actor),
                state=now.state,
                queue=now.queue,
                here=here.ref if here else _("no ticket"),
            ),
            done=False,
        )

    def _selection(self, agent: AgentView) -> "Selection":
        from helpdesk.desk.queue.lists import Selection  # as in load

        if self.list_filter is not None:
            from helpdesk.domain.query import parse  # only a filter needs it

            return Selection(query=parse(self.list_filter.query))
        own = None if self.queue else agent.login
        return Selection(self.queue, own, sort=self.order, folded=True, unfolded=self._unfolded)

    _previewed: tuple[int, int] | None = None

    def show_page(self, page: QueuePage, *, stay: bool = False) -> None:
        """Show a part of the list.

        :param stay: whether the cursor stays on its line instead of its ticket.
        """
        self._total = page.total
        self.table.show_page(page, self.desk_app.now(), stay=stay)
        self._draw_empty(page.total)

    def _draw_title(self) -> None:
        if self.list_filter is not None:
            self._draw_filter_title(self.list_filter)
            return
        counts = self.desk_app.counts
        order = order_title(self.order)
        name, suffix = f"mine · open, {order}", ""
        if self.queue:
            level_name = one_line(counts.names.get(self.queue, "")) if counts else ""
            # A level without a name in the policy is named by its number.
            suffix = "" if level_name in ("", self.queue) else f" · {level_name}"
            name = f"{self.queue} · open, {order}{suffix}"
        count = QueueCount()
        if counts is not None:
            count = counts.queues[self.queue] if self.queue else counts.mine
        parts = [f"● {len(self.table.marked)} marked"] if self.table.marked else []
        parts += ["1 ticket" if count.open == 1 else f"{count.open} tickets"]
        if count.warning:
            parts.append(f"{SYMBOLS[CountdownStatus.WARNING]} {count.warning} warning")
        if count.breached:
            parts.append(f"{SYMBOLS[CountdownStatus.BREACHED]} {count.breached} breached")
        right = " · ".join(parts) if counts else ""
        if cell_len(name) + cell_len(right) + 2 > self.size.width - 2:
            name = name.removesuffix(suffix)
        width = max(0, self.size.width - 2 - len(name))
        self.query_one("#title", Static).update(Content(f"{name}{right:>{width}}"))

    def _draw_filter_title(self, list_filter: ListFilter) -> None:
        more = "+" if self._total >= _MAX_COUNT else ""
        right = f"{self._total:,}{more} ticket{'' if self._total == 1 else 's'}"
        if self.table.marked:
            right = f"● {len(self.table.marked)} marked · {right}"
        name = list_filter.name or "filter"
        room = max(8, self.size.width - 2 - cell_len(right) - 2)
        left = set_cell_size(one_line(f"{name}: {list_filter.query or 'all open'}"), room)
        self.query_one("#title", Static).update(Content(f"{left}  {right}"))

    def _draw_empty(self, total: int) -> None:
        empty = self.query_one("#empty", Static)
        empty.display = total == 0
        self.query_one("#list").display = total > 0
        if total == 0:
            if self.list_filter is not None:
                empty.update(Content("the filter finds nothing.  f changes it, Esc removes it."))
                return
            where = f"in {self.queue}" if self.queue else "assigned to you"
            empty.update(
                Content(f"no open tickets {where}. Press n to log a query, ? for all keys.")
            )

    @on(QueueTable.Moved)
    def _on_moved(self) -> None:
        self._preview_soon()

    def _preview_soon(self) -> None:
        if self._preview_timer is not None:
            self._preview_timer.stop()
        self._preview_timer = self.set_timer(_PREVIEW_DELAY_S, self._show_preview)

    @work(exclusive=True, group="preview")
    async def _show_preview(self) -> None:
        from helpdesk.desk.search import suggest  # as in load
        from helpdesk.desk.ticket import show_ticket  # as in load

        number = self.current_ticket()
        preview = self.query_one(TicketPreview)
        self._previewed = _version_of(self.table.current)
        if number is None or not preview.display:
            preview.clear()
            return
        backend = self.desk_app.backend
        try:
            ticket = await backend.call(show_ticket.show, number)
            preview.show(ticket, None, self.desk_app.now())
            text = suggest.ticket_text(ticket.subject, ticket.body)
            mode = SearchMode(ignored=ticket.ref)
            found = await backend.look_up(
                suggest.suggest, text, "all", 4, False, ticket.service, mode
            )
        except DeskError:
            return
        preview.show(ticket, found, self.desk_app.now())


def _version_of(row: QueueRow | None) -> tuple[int, int] | None:
    """Return the number and the version of a row's ticket."""
    return (row.number, row.version) if row else None
