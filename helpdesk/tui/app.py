"""The app: opens the desk after the first paint, routes keys to screens, tells screens the news."""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from textual import events, work
from textual.app import App, SystemCommand
from textual.css.query import NoMatches
from textual.screen import Screen

from helpdesk.desk.drafts import Drafts
from helpdesk.desk.views import AgentView, DeskCounts
from helpdesk.domain.errors import (
    ConflictError,
    DeskError,
    NotPermittedError,
    OutdatedProgramError,
    RefusedError,
)
from helpdesk.domain.escalation import Level
from helpdesk.domain.text import one_line
from helpdesk.locations import config_dir
from helpdesk.tui.backend import Backend
from helpdesk.tui.desk_screen import DeskScreen
from helpdesk.tui.idle import IdleWatch
from helpdesk.tui.keymap import GLOBAL, read_key_file, sign
from helpdesk.tui.neighbours import Neighbours
from helpdesk.tui.queue.screen import QueueScreen
from helpdesk.tui.teller import Teller
from helpdesk.tui.themes import DARK, LIGHT
from helpdesk.tui.ticket_actions import TicketActions

if TYPE_CHECKING:  # the session module brings the ORM along, which may not delay the first paint
    from helpdesk.desk.session import Desk
    from helpdesk.desk.warden import Warden
    from helpdesk.tui.scout import Scout

_LOOK_EVERY_S = 0.5
#: Time alone makes tickets late: the header's figures are read anew at least so often.
_COUNTS_KEEP = timedelta(minutes=1)
#: How many changes are remembered for undoing.
_UNDO_KEEP = 50
#: How long the scout is waited for.
_SCOUT_PATIENCE_S = 5.0
#: How long a paint is waited for.
_PAINT_PATIENCE_S = 1.0
#: How long keys wait for a list, so that what is typed ahead acts on it.
_LIST_PATIENCE_S = 2.0


class HelpdeskApp(App[int]):
    """The full-screen help desk."""

    TITLE = "helpdesk"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        open_desk: "Callable[[], Desk]",
        drafts: Drafts | None = None,
        scout: "Scout | None" = None,
    ) -> None:
        super().__init__()
        self._scout = scout
        self._start = QueueScreen(Level.L1)
        self.backend = Backend(open_desk)
        self.agent: AgentView | None = None
        self.counts: DeskCounts | None = None
        self.chosen_keys: dict[str, str] = {}
        self.failure: DeskError | None = None
        self._desk: Desk | None = None
        self._drafts = drafts
        self._mark = -1
        self._looking = False
        self._counted_at: datetime | None = None
        self._troubles: dict[str, str] = {}
        self._teller = Teller(self)
        self.neighbours = Neighbours(self)
        self._done: list[dict[int, int]] = []
        #: Whether the timer starts with every ticket that is opened.
        self.times_tickets = False
        self._stop_watching: Callable[[], None] | None = None
        self._warden: Warden | None = None
        self._idle = IdleWatch()
        self._patient_until: float | None = None

    @property
    def drafts(self) -> Drafts:
        """The agent's drafts."""
        if self._drafts is None:
            self._drafts = Drafts(None, self.agent.login if self.agent else "")
        return self._drafts

    def now(self) -> datetime:
        """Return this moment in UTC, whole seconds, by the desk's own clock once it is open."""
        if self._desk is not None:
            return self._desk.now()
        return datetime.now(UTC).replace(microsecond=0)

    def on_mount(self) -> None:
        """Paint the frame first; the desk is opened behind it."""
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name
        try:
            self.chosen_keys = read_key_file(config_dir() / "keys.toml")
            self.set_keymap(self.chosen_keys)
        except RefusedError as error:
            self.say_error(error)
        self.push_screen(self._start)
        self._open()

    @work
    async def _open(self) -> None:
        await self._painted()
        await self._show_glance()
        try:
            self._desk = await self.backend.start()
            self.agent = self._desk.agent
            await self._begin_in(self.agent.home)
            await self.look_for_changes()
        except DeskError as error:
            self.failure = error
            self.exit(return_code=1)
            return
        if self._desk.connection is not None:
            self._watch_connection(self._desk)
        await self._unasked("preferences", self._heed_preferences)
        await self._unasked("keep", self._teller.begin)
        await self._look_around()
        self._tick()
        self.set_interval(_LOOK_EVERY_S, self._look)
        await self._watch_knowledge()
        # What is loaded by now stays: no search for garbage, during which keys wait, looks at it.
        gc.collect()
        gc.freeze()

    async def _show_glance(self) -> None:
        """Show what the scout has found, before the ORM is loaded for everything else.

        From then on keys work: what they ask of the desk is done as soon as it is open.
        """
        if self._scout is None:
            return
        try:
            report = asyncio.to_thread(self._scout.report)
            found = await asyncio.wait_for(report, _SCOUT_PATIENCE_S)
        except TimeoutError:  # a locked database, say: the opening will tell
            self._scout.call_back()
            return
        if found is None:
            return
        await self._begin_in(found.agent.home)
        if self._start.is_attached:
            self._start.show_page(found.page)
            await self._painted()
        self.agent = found.agent

    async def _painted(self) -> None:
        """Wait until what is new is on the terminal.

        Not for ever: of a screen that a key typed ahead puts another in place of, no paint is told.
        """
        painted = asyncio.Event()
        self.call_after_refresh(painted.set)
        with suppress(TimeoutError):
            await asyncio.wait_for(painted.wait(), _PAINT_PATIENCE_S)

    async def _begin_in(self, queue: Level | None) -> None:
        """Put the agent's own first queue in place of the guessed one, if that is still shown."""
        if self.screen is self._start and self._start.queue is not queue:
            self._start = QueueScreen(queue)
            await self.switch_screen(self._start)

    def _watch_connection(self, desk: "Desk") -> None:
        from helpdesk.desk.warden import Warden  # only who comes in over SSH needs one

        loop = asyncio.get_running_loop()

        def tell(sentence: str) -> None:
            loop.call_soon_threadsafe(self.sign_out, sentence)

        self._warden = Warden(desk, tell)
        self._warden.start()
        self._heed_idleness()

    @work
    async def _heed_idleness(self) -> None:
        from helpdesk.desk import connections  # as above

        with suppress(DeskError):
            self._idle.begin((await self.backend.call(connections.terms)).idle_s)

    async def on_event(self, event: events.Event) -> None:
        """Take note of keys, and go on."""
        self._idle.see(event)
        await super().on_event(event)

    def sign_out(self, sentence: str) -> None:
        """End the app, because it must; what was typed is kept, and the person is told why."""
        self.keep_drafts()
        self.failure = NotPermittedError(sentence)
        self.exit(return_code=1)

    async def _heed_preferences(self) -> None:
        from helpdesk.desk import preferences  # brings the ORM along, see the package's docstring

        chosen = await self.backend.call(preferences.preferences)
        self._teller.ring, self._teller.popup = chosen.ring, chosen.popup
        self.times_tickets = chosen.timing
        self.theme = LIGHT.name if chosen.light else DARK.name

    async def _watch_knowledge(self) -> None:
        from helpdesk.desk import articles  # brings the ORM along, see the package's docstring

        if self._desk is not None:
            for warning in (self._desk.kb_problem, self._desk.database_hazard):
                if warning:
                    self.notify(one_line(warning), severity="warning", markup=False)
        self._stop_watching = await self.backend.look_up(
            articles.watch, lambda: self.call_from_thread(self._knowledge_changed)
        )

    @property
    def _top(self) -> DeskScreen | None:
        """The screen on top, if it is one of the desk's and laid out; none while the app ends."""
        stack = self.screen_stack
        top = stack[-1] if stack else None
        return top if isinstance(top, DeskScreen) and top.is_mounted else None

    def _tell(self, news: Callable[[DeskScreen], None]) -> None:
        """Tell the screen on top; one that is about to come or go has nothing to draw."""
        if self._top is not None:
            with suppress(NoMatches):
                news(self._top)

    def _knowledge_changed(self) -> None:
        self._tell(lambda screen: screen.knowledge_changed())

    def _tick(self) -> None:
        """Wake up as each second begins, so that none is skipped or shown twice."""
        self.set_timer(1.0 - time.time() % 1.0 + 0.005, self._tick)
        if self._idle.sentence:
            self.sign_out(self._idle.sentence)
        now = self.now()
        self._tell(lambda screen: screen.tick(now))
        if self._counts_are_old(now):
            self._recount()
        if self._teller.is_due(now):
            self._keep()

    def _counts_are_old(self, now: datetime) -> bool:
        if self.counts is None or self._counted_at is None:
            return False
        breach = self.counts.next_breach_at
        return now - self._counted_at >= _COUNTS_KEEP or (breach is not None and breach < now)

    @work(exclusive=True, group="recount")
    async def _recount(self) -> None:
        await self._unasked("recount", self.refresh_counts)
        self._tell(lambda screen: screen.counts_changed())

    @work(group="look")
    async def _look(self) -> None:
        # A slow answer is waited for: what it tells would be lost if the next look ended it.
        if not self._looking:
            self._looking = True
            try:
                await self._unasked("look", self.look_for_changes)
                await self._look_around()
            finally:
                self._looking = False

    @work(group="keep")
    async def _keep(self) -> None:
        await self._unasked("keep", self._teller.keep)

    async def _unasked(self, name: str, job: Callable[[], Awaitable[object]]) -> None:
        """Do what the app does by itself; a trouble that lasts is told once, not at every try."""
        try:
            await job()
        except DeskError as error:
            if self._troubles.get(name) != str(error):
                self._troubles[name] = str(error)
                self._show_error(error)
        else:
            self._troubles.pop(name, None)

    async def look_for_changes(self) -> None:
        """Ask whether anybody has changed anything, and tell the screen on top."""
        from helpdesk.desk import feed  # as above

        mark = await self.backend.call(feed.mark)
        if mark != self._mark:
            first = self._mark < 0
            self._mark = mark
            self._tell(lambda screen: screen.desk_changed())
            if not first:
                await self._teller.look()

    async def _look_around(self) -> None:
        """Tell the others where the person is, and the screens on top where the others are."""
        moved = await self.neighbours.look(self._whereabouts())
        if not moved:
            return
        for screen in self.screen_stack[-2:]:
            changed = getattr(screen, "neighbours_changed", None)
            if changed is not None and screen.is_mounted:
                changed()

    def _whereabouts(self) -> tuple[int | None, bool]:
        """Return the ticket that the person has before them, and whether they write in it."""
        for screen in reversed(self.screen_stack):
            place = getattr(screen, "place", None)
            if place is not None:
                found: tuple[int, bool] = place
                return found
        return None, False

    async def refresh_counts(self) -> None:
        """Read the header's figures anew."""
        from helpdesk.desk import queues  # as above

        self._counted_at = self.now()
        self.counts = await self.backend.call(queues.counts)

    async def on_unmount(self) -> None:
        """Let go of the desk."""
        if self._scout is not None:
            self._scout.call_back()
        if self._stop_watching is not None:
            self._stop_watching()
        if self._warden is not None:
            await asyncio.to_thread(self._warden.stop)
        if self._desk is not None:
            await self.neighbours.leave()
        await asyncio.shield(self.backend.stop())

    def keep_drafts(self) -> None:
        """Write down at once what is typed on any screen."""
        for screen in self.screen_stack:
            keep = getattr(screen, "keep_draft", None)
            if keep is not None:
                keep()

    # What screens say to the person.

    def say(self, sentence: str) -> None:
        """Show a sentence for a moment."""
        self.notify(one_line(sentence), markup=False, timeout=4)

    def say_error(self, error: DeskError) -> None:
        """Show why something was not done; a program that the desk has outgrown ends with it."""
        self._show_error(error)
        if isinstance(error, OutdatedProgramError):
            self.keep_drafts()
            self.failure = error
            self.exit(return_code=1)

    def _show_error(self, error: DeskError) -> None:
        lines = [one_line(str(error))]
        if isinstance(error, ConflictError):
            lines += [f"· {one_line(change)}" for change in error.changes[-5:]]
        self.notify("\n".join(lines), severity="error", markup=False, timeout=8)

    # What was done, for undoing it.

    @property
    def last_done(self) -> dict[int, int]:
        """The tickets that were changed last in this app, with the versions that this led to."""
        return self._done[-1] if self._done else {}

    def remember_done(self, made: dict[int, int]) -> None:
        """Remember that these tickets were changed in one go; marks have served then.

        :param made: the version of each that this led to; 0: whatever it is.
        """
        if made:
            self._done = [*self._done[-_UNDO_KEEP:], made]
        for screen in self.screen_stack:
            if isinstance(screen, TicketActions):
                screen.forget_marks()

    def forget_done(self) -> None:
        """The last change was taken back, or cannot be."""
        if self._done:
            self._done.pop()

    # Keys that work everywhere but in forms.

    async def open_ticket(self, number: int) -> None:
        """Show a ticket on a screen of its own."""
        from helpdesk.tui.ticket.screen import TicketScreen  # imported when first used

        await self.push_screen(TicketScreen(number))

    def show_logged(self, number: int) -> None:
        """Put the cursor of the queue on a ticket that was just logged."""
        if isinstance(self.screen, QueueScreen):
            self.screen.go_to(number)

    async def action_queue(self, level: str) -> None:
        """Go to a level's queue."""
        await self._go_home(QueueScreen(Level(level)))

    async def action_mine(self) -> None:
        """Go to one's own tickets."""
        await self._go_home(QueueScreen(None))

    async def _go_home(self, screen: QueueScreen) -> None:
        while len(self.screen_stack) > 2:
            self.pop_screen()
        await self.switch_screen(screen)
        with suppress(TimeoutError):
            await asyncio.wait_for(screen.loaded.wait(), self._list_patience())

    def _list_patience(self) -> float:
        """Return how long a key may wait for a list, in seconds.

        While the desk is being opened all keys share one such time: were each to have its own,
        somebody who presses a few on a slow day would wait for their sum.
        """
        if self.agent is not None:
            return _LIST_PATIENCE_S
        now = time.monotonic()
        if self._patient_until is None:
            self._patient_until = now + _LIST_PATIENCE_S
        return max(0.0, self._patient_until - now)

    async def action_log_query(self) -> None:
        """Open the log form."""
        from helpdesk.tui.log_form.screen import LogScreen

        if self.agent is not None:
            await self.push_screen(LogScreen())

    async def action_search(self) -> None:
        """Open the search."""
        from helpdesk.tui.search_screen import SearchScreen

        if self.agent is not None:
            await self.push_screen(SearchScreen())

    async def action_knowledge(self) -> None:
        """Open the knowledge base."""
        from helpdesk.tui.knowledge.screen import KnowledgeScreen

        if self.agent is not None:
            await self.push_screen(KnowledgeScreen())

    async def action_board(self) -> None:
        """Open the lead's board."""
        from helpdesk.tui.board.screen import BoardScreen

        if self.agent is not None and not isinstance(self.screen, BoardScreen):
            await self.push_screen(BoardScreen())

    async def action_reports(self) -> None:
        """Show the KPIs."""
        from helpdesk.tui.report.screen import ReportScreen

        if self.agent is not None and not isinstance(self.screen, ReportScreen):
            await self.push_screen(ReportScreen())

    async def action_help(self) -> None:
        """List all keys."""
        from helpdesk.tui.help_screen import HelpScreen

        await self.push_screen(HelpScreen())

    async def action_alarms(self) -> None:
        """List the warnings and breaches of late."""
        from helpdesk.tui.alarm_screen import AlarmScreen

        if self.agent is not None and not isinstance(self.screen, AlarmScreen):
            await self.push_screen(AlarmScreen())

    async def action_inbox(self) -> None:
        """Open the inbox."""
        from helpdesk.tui.inbox_screen import InboxScreen

        self.clear_notifications()  # what they say is listed there
        if self.agent is not None and not isinstance(self.screen, InboxScreen):
            await self.push_screen(InboxScreen())

    async def action_toggle_ring(self) -> None:
        """Let news be quiet, ring the bell, or show as notifications of the desktop."""
        teller = self._teller
        ring, popup = teller.ring, teller.popup
        teller.ring, teller.popup = not ring and not popup, ring
        if teller.ring:
            said = "the bell rings at news"
        elif teller.popup:
            said = "news come as notifications of the desktop, if this terminal knows them"
        else:
            said = "news come quietly"
        self.say(said)
        await self._prefer(ring=teller.ring, popup=teller.popup)

    def send_to_terminal(self, sequence: str) -> None:
        """Send a control sequence that draws nothing."""
        if self._driver is not None:
            self._driver.write(sequence)
            self._driver.flush()

    async def toggle_timing(self) -> None:
        """Let the timer start with every ticket that is opened, or not."""
        self.times_tickets = not self.times_tickets
        starts = "starts" if self.times_tickets else "does not start"
        self.say(f"the timer {starts} with every ticket that you open.")
        await self._prefer(timing=self.times_tickets)

    async def action_toggle_theme(self) -> None:
        """Change between dark and light."""
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name
        await self._prefer(light=self.theme == LIGHT.name)

    async def _prefer(self, **choices: bool) -> None:
        if self.agent is None:
            return
        from helpdesk.desk import preferences  # as above

        await self._unasked("preferences", lambda: self.backend.call(preferences.prefer, **choices))

    def action_leave(self) -> None:
        """End the app; drafts are kept, so nothing is lost and nothing is asked."""
        self.exit(0)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer our own actions in the command palette, and nothing that writes files."""
        for key in GLOBAL:
            keys = sign(self.chosen_keys.get(key.name, key.keys))
            action = key.action

            async def run(action: str = action) -> None:
                await self.run_action(action)

            yield SystemCommand(f"{key.help} ({keys})", f"key {keys}", run)
