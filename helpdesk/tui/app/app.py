"""The app: opens the desk after the first paint, routes keys to screens."""

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
from helpdesk.tui.app.notifier import Teller
from helpdesk.tui.app.preferences import Choices
from helpdesk.tui.app.ssh_session import ConnectionWatch
from helpdesk.tui.app.startup import FirstLook
from helpdesk.tui.app.themes import DARK, LIGHT
from helpdesk.tui.app.ticker import Pulse
from helpdesk.tui.queue.screen import QueueScreen
from helpdesk.tui.widgets.keymap import EVERYWHERE, GLOBAL, bindings, read_key_file, sign

if TYPE_CHECKING:  # the session module brings the ORM along, which may not delay the first paint
    from helpdesk.desk.session import Desk
    from helpdesk.tui.app.prefetch import Scout
    from helpdesk.tui.base.host import AppHost

#: How long keys wait for a list, so that what is typed ahead acts on it.
_LIST_PATIENCE_S = 2.0


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
        scout: "Scout | None" = None,
    ) -> None:
        super().__init__(open_desk, drafts)
        self.chosen_keys: dict[str, str] = {}
        teller = Teller(self)
        self._first_look = FirstLook(self, scout)
        self._choices = Choices(self, teller)
        self._connection = ConnectionWatch(self)
        self._pulse = Pulse(self, teller, self._connection)
        self._patient_until: float | None = None

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
        self.push_screen(self._first_look.screen)
        self._open()

    @work
    async def _open(self) -> None:
        await self._first_look.painted()
        await self._first_look.show_glance()
        try:
            self.desk = await self.backend.start()
            self.agent = self.desk.agent
            await self._first_look.begin_in(self.agent.home)
            await self.look_for_changes()
        except DeskError as error:
            self.fail(error)
            return
        self._connection.begin(self.desk)
        await self.unasked("preferences", self._choices.read)
        await self._pulse.begin()
        # What is loaded by now stays: no search for garbage, during which keys wait, looks at it.
        gc.collect()
        gc.freeze()

    async def on_event(self, event: events.Event) -> None:
        """Take note of keys, and go on."""
        self._connection.see(event)
        await super().on_event(event)

    async def look_for_changes(self) -> None:
        """Ask whether anybody has changed anything, and tell the screen on top."""
        await self._pulse.look_for_changes()

    async def on_unmount(self) -> None:
        """Let go of the desk."""
        self._first_look.end()
        self._pulse.end()
        await self._connection.end()
        if self.desk is not None:
            await self.neighbours.leave()
        await asyncio.shield(self.backend.stop())

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
        """Open the manual at the page of this screen; in the manual, go back to work."""
        from helpdesk.tui.manual.screen import ManualScreen

        if isinstance(self.screen, ManualScreen):
            self.pop_screen()
            return
        place: str = getattr(self.screen, "MANUAL", "agent")
        page, _, anchor = place.partition("#")
        await self.push_screen(ManualScreen(page, anchor))

    async def action_alarms(self) -> None:
        """List the warnings and breaches of late."""
        from helpdesk.tui.inbox.alarms import AlarmScreen

        if self.agent is not None and not isinstance(self.screen, AlarmScreen):
            await self.push_screen(AlarmScreen())

    async def action_inbox(self) -> None:
        """Open the inbox."""
        from helpdesk.tui.inbox.screen import InboxScreen

        self.clear_notifications()  # what they say is listed there
        if self.agent is not None and not isinstance(self.screen, InboxScreen):
            await self.push_screen(InboxScreen())

    async def action_toggle_ring(self) -> None:
        """Let news be quiet, ring the bell, or show as notifications of the desktop."""
        await self._choices.change_ring()

    async def toggle_timing(self) -> None:
        """Let the timer start with every ticket that is opened, or not."""
        await self._choices.change_timing()

    async def action_toggle_theme(self) -> None:
        """Change between dark and light."""
        await self._choices.change_theme()

    def action_leave(self) -> None:
        """End the app; drafts are kept, so nothing is lost and nothing is asked."""
        self.exit(0)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer our own actions in the command palette, and nothing that writes files."""
        for key in (*EVERYWHERE, *GLOBAL):
            keys = sign(self.chosen_keys.get(key.name, key.keys))
            action = key.action

            async def run(action: str = action) -> None:
                await self.run_action(action)

            yield SystemCommand(f"{key.help} ({keys})", f"key {keys}", run)


if TYPE_CHECKING:
    # Checked by mypy: screens name the protocol in place of this class.
    _: type[AppHost] = HelpdeskApp
