"""The app: open the desk after the first paint and route keys to screens."""

import asyncio
import gc
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, work
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.screen import Screen

from helpdesk.desk.form_drafts import Drafts
from helpdesk.domain.errors import DeskError, RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.locations import config_dir
from helpdesk.tui.app.desk_app import DeskApp
from helpdesk.tui.app.notifier import Notifier
from helpdesk.tui.app.preferences import PreferenceActions
from helpdesk.tui.app.ssh_session import ConnectionWatch
from helpdesk.tui.app.startup import Startup
from helpdesk.tui.app.themes import DARK, LIGHT
from helpdesk.tui.app.ticker import Ticker
from helpdesk.tui.queue.screen import QueueScreen
from helpdesk.tui.widgets.keymap import EVERYWHERE, GLOBAL, bindings, keys_text, read_key_file

if TYPE_CHECKING:  # these modules import the ORM, which must not delay the first paint
    from helpdesk.desk.session import Desk
    from helpdesk.tui.app.prefetch import QueuePrefetch
    from helpdesk.tui.base.host import AppHost

#: How long keys wait for a list to load, so that keys typed ahead act on it.
_LIST_TIMEOUT_S = 2.0


class HelpdeskApp(DeskApp):
    """The full-screen help desk."""

    TITLE = "helpdesk"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(EVERYWHERE)]

    def __init__(
        self,
        open_desk: "Callable[[], Desk]",
        drafts: Drafts | None = None,
        prefetch: "QueuePrefetch | None" = None,
    ) -> None:
        super().__init__(open_desk, drafts)
        self.chosen_keys: dict[str, str] = {}
        notifier = Notifier(self)
        self._startup = Startup(self, prefetch)
        self._preferences = PreferenceActions(self, notifier)
        self._connection = ConnectionWatch(self)
        self._ticker = Ticker(self, notifier, self._connection)
        self._list_deadline: float | None = None

    def on_mount(self) -> None:
        """Paint the frame, then open the desk in the background."""
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name
        try:
            self.chosen_keys = read_key_file(config_dir() / "keys.toml")
            self.set_keymap(self.chosen_keys)
        except RefusedError as error:
            self.say_error(error)
        self.push_screen(self._startup.screen)
        self._open()

    @work
    async def _open(self) -> None:
        await self._startup.wait_for_paint()
        await self._startup.show_prefetched()
        if self.agent is not None:
            self.gate.desk_opened()
        try:
            self.desk = await self.backend.start()
            self.agent = self.desk.agent
            await self._startup.show_queue(self.agent.home)
            await self._startup.wait_for_list()
            self.gate.desk_opened()
            await self.look_for_changes()
        except DeskError as error:
            self.fail(error)
            return
        self._connection.start(self.desk)
        await self.run_automatic_job("preferences", self._preferences.load)
        await self._ticker.start()
        # Everything loaded by now stays until the end: exempt it from garbage collection, which
        # would make keys wait.
        gc.collect()
        gc.freeze()

    async def on_event(self, event: events.Event) -> None:
        """Record user input for the idle timer, then handle the event."""
        self._connection.record_event(event)
        await super().on_event(event)

    async def look_for_changes(self) -> None:
        """Check for changes to the desk and notify the top screen."""
        await self._ticker.look_for_changes()

    async def on_unmount(self) -> None:
        """Stop all background work and close the desk."""
        self._startup.stop()
        self._ticker.stop()
        await self._connection.stop()
        if self.desk is not None:
            await self.presence.leave()
        await asyncio.shield(self.backend.stop())

    # Actions of the keys that work everywhere except in forms.

    async def open_ticket(self, number: int) -> None:
        """Show a ticket on its own screen."""
        from helpdesk.tui.ticket.screen import TicketScreen  # imported when first used

        await self.push_screen(TicketScreen(number))

    def show_logged(self, number: int) -> None:
        """Move the cursor of the queue to a ticket that was just logged."""
        if isinstance(self.screen, QueueScreen):
            self.screen.go_to(number)

    async def action_queue(self, level: str) -> None:
        """Go to a level's queue."""
        await self._go_home(QueueScreen(Level(level)))

    async def action_mine(self) -> None:
        """Go to the agent's own tickets."""
        await self._go_home(QueueScreen(None))

    async def _go_home(self, screen: QueueScreen) -> None:
        while len(self.screen_stack) > 2:
            self.pop_screen()
        await self.switch_screen(screen)
        with suppress(TimeoutError):
            await asyncio.wait_for(screen.loaded.wait(), self._list_timeout_s())

    def _list_timeout_s(self) -> float:
        """Return how long a key may wait for a list, in seconds.

        While the desk is being opened, all keys share one deadline.  Otherwise several keys
        pressed during a slow start would add up their waiting times.
        """
        if self.agent is not None:
            return _LIST_TIMEOUT_S
        now = time.monotonic()
        if self._list_deadline is None:
            self._list_deadline = now + _LIST_TIMEOUT_S
        return max(0.0, self._list_deadline - now)

    async def action_log_query(self) -> None:
        """Open the log form."""
        from helpdesk.tui.log_form.screen import LogScreen

        if self.agent is not None:
            await self.push_screen(LogScreen())

    async def action_search(self) -> None:
        """Open the search."""
        from helpdesk.tui.search.screen import SearchScreen

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
        from helpdesk.tui.app.help_screen import HelpScreen

        await self.push_screen(HelpScreen())

    async def action_manual(self) -> None:
        """Open the manual at the page of this screen; in the manual, go back to the screen."""
        from helpdesk.tui.manual.screen import ManualScreen

        if isinstance(self.screen, ManualScreen):
            self.pop_screen()
            return
        place: str = getattr(self.screen, "MANUAL", "agent")
        page, _, anchor = place.partition("#")
        await self.push_screen(ManualScreen(page, anchor))

    async def action_alarms(self) -> None:
        """List the recent warnings and breaches."""
        from helpdesk.tui.inbox.alarms import AlarmScreen

        if self.agent is not None and not isinstance(self.screen, AlarmScreen):
            await self.push_screen(AlarmScreen())

    async def action_inbox(self) -> None:
        """Open the inbox."""
        from helpdesk.tui.inbox.screen import InboxScreen

        self.clear_notifications()  # the inbox lists them
        if self.agent is not None and not isinstance(self.screen, InboxScreen):
            await self.push_screen(InboxScreen())

    async def action_toggle_ring(self) -> None:
        """Switch notifications: silent, terminal bell or desktop notification."""
        await self._preferences.change_ring()

    async def toggle_auto_timer(self) -> None:
        """Switch on or off that opening a ticket starts its timer."""
        await self._preferences.change_timing()

    async def action_toggle_theme(self) -> None:
        """Switch between the dark and the light theme."""
        await self._preferences.change_theme()

    def action_leave(self) -> None:
        """End the app without asking: drafts are saved, so nothing is lost."""
        self.exit(0)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer the app's own actions in the command palette, none that writes a file."""
        for key in (*EVERYWHERE, *GLOBAL):
            keys = keys_text(self.chosen_keys.get(key.name, key.keys))
            action = key.action

            async def run(action: str = action) -> None:
                await self.run_action(action)

            yield SystemCommand(f"{key.help} ({keys})", f"key {keys}", run)


if TYPE_CHECKING:
    # Makes mypy check that the app implements the protocol that screens depend on.
    _: type[AppHost] = HelpdeskApp
