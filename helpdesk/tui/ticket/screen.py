"""The screen of one ticket."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import ClassVar

from textual import work
from textual.binding import BindingType
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
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import State, parse_ref
from helpdesk.tui.base.desk_screen import DeskScreen
from helpdesk.tui.base.host import AppHost
from helpdesk.tui.base.presence import presence_text
from helpdesk.tui.search.suggestions import suggestions_content
from helpdesk.tui.text.people import TICKETS
from helpdesk.tui.ticket.reading_pane import ReadingPane
from helpdesk.tui.ticket.repeats import RepeatActions
from helpdesk.tui.ticket.side import clocks_content, compact_facts, facts_content
from helpdesk.tui.widgets.key_bar import most_used_first
from helpdesk.tui.widgets.keymap import (
    BACK,
    GLOBAL,
    KNOW_HOW,
    LIST,
    READING,
    REPEAT,
    TICKET,
    bindings,
)

#: From this width in cells on, clocks and facts are beside the timeline instead of above it.
_SIDE_FROM_WIDTH = 100
#: A ticket that is open for less than this has no time to be recorded.
_MIN_RECORDED_S = 60


class TicketScreen(RepeatActions):
    """Everything about one ticket; it is read again whenever somebody changes it."""

    MANUAL = "agent#work-on-a-ticket"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(TICKET, KNOW_HOW, READING, REPEAT, LIST[1:], BACK, GLOBAL)
    ]
    KEYS = most_used_first(
        (*TICKET, *KNOW_HOW, *READING, *REPEAT, *BACK, *GLOBAL),
        *("reply", "note", "resolve", "escalate", "pend", "claim", "back", "suggestions", "set"),
    )

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

    def action_follow_link(self) -> None:
        """List the linked tickets; Enter opens one."""
        from helpdesk.tui.widgets.picker import Choice, Picker  # imported when first used

        ticket = self.ticket
        if ticket is None:
            return
        choices = [
            Choice(f"{link.words} {link.ref}", f"{link.state}  {link.subject}", link.ref)
            for link in ticket.links
        ]

        async def chosen(reference: str | None) -> None:
            if reference is not None:
                await self.desk_app.open_ticket(parse_ref(reference))

        title = _("Linked with {ticket}").format(ticket=ticket.ref)
        empty = _("it is linked with no ticket: L links it")
        manual = "agent#tickets-that-belong-together"
        self.app.push_screen(Picker(title, choices, empty, manual), chosen)

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
            self.desk_app.say_error(error, of_loading=True)
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
        """Return to whom a reply goes, which the bar of keys below does not say."""
        if ticket.state is State.CLOSED:
            return _("closed · o reopens it")
        people = (*filter(None, (ticket.requester,)), *ticket.further_requesters)
        reached = [one_line(person.called) for person in people if person.mail]
        more = _(" and {count} more").format(count=len(reached) - 1) if len(reached) > 1 else ""
        to = _("no address is known to send a reply to")
        if reached:
            to = _("a reply goes to {requester}{more}").format(requester=reached[0], more=more)
        return (
            _("resolved · o reopens it · {to}").format(to=to)
            if ticket.state is State.RESOLVED
            else to
        )

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

    async def action_neighbour(self, step: int) -> None:
        """Show the next ticket (1), or the one before (-1), of the list behind this screen."""
        stack = self.app.screen_stack
        behind = stack[stack.index(self) - 1]
        number = behind.neighbour(self.number, step) if isinstance(behind, DeskScreen) else None
        if number is None:
            last, first = _("this is the last ticket."), _("this is the first ticket.")
            self.desk_app.say(last if step > 0 else first, done=False)
            return
        app = self.desk_app
        await self.app.switch_screen(TicketScreen(number))
        await self._offer_time(app)

    async def action_back(self) -> None:
        """Leave the screen; if the timer ran for a minute or more, offer to record the time."""
        app = self.desk_app
        await super().action_back()
        await self._offer_time(app)

    async def _offer_time(self, app: AppHost) -> None:
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

    async def action_find(self) -> None:
        """Find words in the timeline."""
        from helpdesk.tui.ticket.find import FindLine  # imported when first used

        if self.ticket is not None:
            self.action_full_texts()
            await self.app.push_screen(
                FindLine(self.query_one("#timeline", Static), self._timeline)
            )

    @property
    def _timeline(self) -> VerticalScroll:
        return self.query_one(ReadingPane).timeline

    def action_move(self, lines: int) -> None:
        """Scroll the timeline by some lines."""
        self._timeline.scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll the timeline by some screens."""
        height = max(1, self._timeline.size.height - 1)
        self._timeline.scroll_relative(y=pages * height, animate=False)

    def action_jump(self, place: int) -> None:
        """Go to the start of the timeline (0) or to its end (-1)."""
        if place == 0:
            self._timeline.scroll_home(animate=False)
        else:
            self._timeline.scroll_end(animate=False)
