"""The screen of one ticket."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from helpdesk.desk.inbox import inbox
from helpdesk.desk.people import person_lookup
from helpdesk.desk.people.views import PersonCard
from helpdesk.desk.ticket import show_ticket
from helpdesk.desk.ticket.views import TicketView
from helpdesk.domain.errors import DeskError
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import State
from helpdesk.tui.base.presence import presence_text
from helpdesk.tui.search.suggestions import suggestions_content
from helpdesk.tui.text.people import TICKETS
from helpdesk.tui.ticket.reading_pane import ReadingPane
from helpdesk.tui.ticket.repeats import RepeatActions
from helpdesk.tui.ticket.side import clocks_content, compact_facts, facts_content
from helpdesk.tui.widgets.keymap import BACK, GLOBAL, KNOW_HOW, REPEAT, TICKET, bindings

#: From this width in cells on, clocks and facts are beside the timeline instead of above it.
_SIDE_FROM_WIDTH = 100
#: A ticket that is open for less than this has no time to be recorded.
_MIN_RECORDED_S = 60


class TicketScreen(RepeatActions):
    """Everything about one ticket; it is read again whenever somebody changes it."""

    MANUAL = "agent#work-on-a-ticket"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(TICKET, KNOW_HOW, REPEAT, BACK, GLOBAL),
        Binding("z", "full_texts", show=False),
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
    ]
    KEYS = (*TICKET, *KNOW_HOW, *REPEAT, *BACK, *GLOBAL)

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.ticket: TicketView | None = None
        self.card: PersonCard | None = None
        self._full_texts = False
        self._clocks_shown: str = ""

    def body(self) -> Iterable[Widget]:
        """Lay out the subject, timeline and facts side by side, and the line of actions."""
        yield Static("", id="subject", markup=False)
        yield Static("", id="presence", markup=False)
        yield Static("", id="compact", markup=False)
        yield Horizontal(
            ReadingPane(),
            VerticalScroll(
                Static("", id="clocks", markup=False),
                Static("", id="facts", markup=False),
                Static("", id="looks-like-side", markup=False),
                id="right",
                can_focus=False,
            ),
        )
        yield Static("", id="looks-like-line", markup=False)
        yield Static("", id="compose", markup=False)

    def on_mount(self) -> None:
        """Focus the timeline."""
        self.presence_changed()
        self.query_one(ReadingPane).timeline.focus()

    def on_resize(self) -> None:
        """Put the facts beside the timeline if there is room, else above it."""
        wide = self.size.width >= _SIDE_FROM_WIDTH
        self.query_one("#right").display = wide
        self.query_one("#compact").display = not wide
        self._draw_clocks(self.desk_app.now(), force=True)
        self.suggestions_changed()

    def suggestions_changed(self) -> None:
        """Draw the suggestions: beside the ticket, or in a line below it if there is no room."""
        wide = self.size.width >= _SIDE_FROM_WIDTH
        for name, shown in (("side", wide), ("line", not wide)):
            panel = self.query_one(f"#looks-like-{name}", Static)
            width = 40 if wide else self.size.width - 2
            text = suggestions_content(self.suggested, width, compact=not wide)
            panel.display = shown and bool(text.plain)
            panel.update(text)

    def tick(self, now: datetime) -> None:
        """Redraw the countdowns, if their text has changed."""
        super().tick(now)
        self._draw_clocks(now)

    def desk_changed(self) -> None:
        """Read the ticket again."""
        self._load()

    def current_ticket(self) -> int | None:
        """Return this ticket."""
        return self.number

    @property
    def place(self) -> tuple[int, bool]:
        """The ticket shown to other agents as open at this one."""
        return self.number, False

    def presence_changed(self) -> None:
        """Show who else has this ticket open."""
        others = self.desk_app.presence.others_on(self.number)
        line = self.query_one("#presence", Static)
        line.display = bool(others)
        line.update(presence_text(others))

    @work(exclusive=True, group="ticket")
    async def _load(self) -> None:
        try:
            ticket = await self.desk_app.backend.call(show_ticket.show, self.number)
            card = await self._card_of(ticket)
            if self.ticket is None:
                await self.desk_app.backend.call(inbox.mark_ticket_read, self.number)
            await self.desk_app.refresh_counts()
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        self.counts_changed()
        first = self.ticket is None
        if first and self.desk_app.auto_timer:
            self._start_timer()
        before = self.ticket
        before_card, self.card = self.card, card
        if before is not None and (ticket.events, ticket.watchers, card) == (
            before.events,
            before.watchers,
            before_card,
        ):
            self.ticket = ticket
            return
        self.ticket = ticket
        self._draw()
        self.look_for_repeats()

    async def _card_of(self, ticket: TicketView) -> PersonCard | None:
        """Return the requester with their newest tickets."""
        if ticket.requester is None:
            return None
        # One more than is shown: this ticket is left out.
        return await self.desk_app.backend.call(
            person_lookup.card, ticket.requester.ref, TICKETS + 1
        )

    def _draw(self) -> None:
        ticket, agent = self.ticket, self.desk_app.agent
        if ticket is None:
            return
        self.query_one("#subject", Static).update(
            Content(f"{ticket.ref}  {one_line(ticket.subject)}")
        )
        facts = facts_content(ticket, self.desk_app.now(), self.card)
        self.query_one("#facts", Static).update(facts)
        self.query_one("#compose", Static).update(Content(self._compose_line(ticket)))
        now = self.desk_app.now()
        self._draw_clocks(now, force=True)
        reader = agent.login if agent else ""
        self.query_one(ReadingPane).show(ticket, now, reader=reader, whole=self._full_texts)

    def _compose_line(self, ticket: TicketView) -> str:
        if ticket.state is State.CLOSED:
            return "closed · o reopens it"
        requester = one_line(ticket.requester.called) if ticket.requester else "the requester"
        if ticket.state is State.RESOLVED:
            return f"resolved · o reopens it · r replies to {requester}"
        return f"r replies to {requester} · i notes internally · e hands it up · v resolves it"

    def _draw_clocks(self, now: datetime, *, force: bool = False) -> None:
        if self.ticket is None:
            return
        wide = self.size.width >= _SIDE_FROM_WIDTH
        clocks = clocks_content(self.ticket, now, compact=not wide)
        if clocks.plain == self._clocks_shown and not force:
            return
        self._clocks_shown = clocks.plain
        if wide:
            self.query_one("#clocks", Static).update(clocks)
        else:
            facts = compact_facts(self.ticket, now, self.card)
            self.query_one("#compact", Static).update(Content("\n").join([facts, clocks]))

    async def show_claimed(self, number: int) -> None:
        """Show a ticket that was just claimed instead of this one."""
        await self.app.switch_screen(TicketScreen(number))

    @work(group="timer")
    async def _start_timer(self) -> None:
        from helpdesk.desk.time_spent import (
            entries,  # imports the ORM, so only when needed
        )

        with suppress(DeskError):  # a timer that runs on another ticket keeps running
            await self.desk_app.backend.call(entries.start, self.number)

    async def action_back(self) -> None:
        """Leave the screen; if the timer ran for a minute or more, offer to record the time."""
        await super().action_back()
        app = self.desk_app
        if not app.auto_timer:
            return
        from helpdesk.desk.time_spent import entries  # as above

        with suppress(DeskError):
            timer = await app.backend.call(entries.running)
            if timer is None or timer.number != self.number:
                return
            if (app.now() - timer.started_at).total_seconds() < _MIN_RECORDED_S:
                await app.backend.call(entries.discard_timer)
                return
            from helpdesk.tui.dialogs import open_dialog  # imported when first used

            await open_dialog(app, "time", (self.number,))

    def action_full_texts(self) -> None:
        """Show long texts in full."""
        self._full_texts = True
        self._draw()

    def action_scroll(self, lines: int) -> None:
        """Scroll the timeline by some lines."""
        self.query_one(ReadingPane).timeline.scroll_relative(y=lines, animate=False)
