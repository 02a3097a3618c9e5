"""What is on screen before the desk is open: a frame, then the first queue as the scout saw it."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from helpdesk.domain.escalation import Level
from helpdesk.tui.app.desk_app import DeskApp
from helpdesk.tui.queue.screen import QueueScreen

if TYPE_CHECKING:
    from helpdesk.tui.app.prefetch import Scout

#: How long the scout is waited for.
_SCOUT_PATIENCE_S = 5.0
#: How long a paint is waited for.
_PAINT_PATIENCE_S = 1.0


class FirstLook:
    """Guesses the queue that the agent begins in, and puts the right one in its place.

    :ivar screen: the queue that is shown first.
    """

    def __init__(self, app: DeskApp, scout: "Scout | None") -> None:
        self._app = app
        self._scout = scout
        self.screen = QueueScreen(Level.L1)

    async def show_glance(self) -> None:
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
        await self.begin_in(found.agent.home)
        if self.screen.is_attached:
            self.screen.show_page(found.page)
            await self.painted()
        self._app.agent = found.agent

    async def painted(self) -> None:
        """Wait until what is new is on the terminal.

        Not for ever: of a screen that a key typed ahead puts another in place of, no paint is told.
        """
        painted = asyncio.Event()
        self._app.call_after_refresh(painted.set)
        with suppress(TimeoutError):
            await asyncio.wait_for(painted.wait(), _PAINT_PATIENCE_S)

    async def begin_in(self, queue: Level | None) -> None:
        """Put the agent's own first queue in place of the guessed one, if that is still shown."""
        if self._app.screen is self.screen and self.screen.queue is not queue:
            self.screen = QueueScreen(queue)
            await self._app.switch_screen(self.screen)

    def end(self) -> None:
        """Call the scout back, if it is still out."""
        if self._scout is not None:
            self._scout.call_back()
