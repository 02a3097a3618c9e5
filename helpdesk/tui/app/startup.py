"""The screen before the desk is open: first an empty frame, then the prefetched first queue."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from helpdesk.domain.escalation import Level
from helpdesk.tui.app.desk_app import DeskApp
from helpdesk.tui.queue.screen import QueueScreen

if TYPE_CHECKING:
    from helpdesk.tui.app.prefetch import QueuePrefetch

#: How long to wait for the prefetched queue, and for a paint.
_PREFETCH_TIMEOUT_S, _PAINT_TIMEOUT_S = 5.0, 1.0
_LIST_TIMEOUT_S = 2.0


class Startup:
    """Shows a guessed first queue and replaces it by the agent's own.

    :ivar screen: the queue that is shown first.
    """

    def __init__(self, app: DeskApp, prefetch: "QueuePrefetch | None") -> None:
        self._app = app
        self._prefetch = prefetch
        self.screen = QueueScreen(Level.L1)

    async def show_prefetched(self) -> None:
        """Show the prefetched queue, before the ORM is loaded.

        Keys work from then on; the actions that need the desk run as soon as it is open.
        """
        if self._prefetch is None:
            return
        try:
            result = asyncio.to_thread(self._prefetch.result)
            found = await asyncio.wait_for(result, _PREFETCH_TIMEOUT_S)
        except TimeoutError:  # a locked database, for example: opening the desk will report it
            self._prefetch.cancel()
            return
        if found is None:
            return
        await self.show_queue(found.agent.home)
        if self.screen.is_attached:
            self.screen.show_page(found.page)
            await self.wait_for_paint()
        self._app.agent = found.agent

    async def wait_for_paint(self) -> None:
        """Wait until the latest changes are painted, for a limited time.

        A screen that is replaced by a key typed ahead never reports its paint.
        """
        painted = asyncio.Event()
        self._app.call_after_refresh(painted.set)
        with suppress(TimeoutError):
            await asyncio.wait_for(painted.wait(), _PAINT_TIMEOUT_S)

    async def show_queue(self, queue: Level | None) -> None:
        """Replace the guessed queue by the agent's own, if the guessed one is still on screen.

        :param queue: the level's queue; None: the agent's own tickets.
        """
        if self._app.screen is self.screen and self.screen.queue is not queue:
            self.screen = QueueScreen(queue)
            await self._app.switch_screen(self.screen)

    async def wait_for_list(self) -> None:
        """Wait until the first queue was read, for a limited time: typed keys act on it."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.screen.loaded.wait(), _LIST_TIMEOUT_S)

    def stop(self) -> None:
        """End the child process if it is still running."""
        if self._prefetch is not None:
            self._prefetch.cancel()
