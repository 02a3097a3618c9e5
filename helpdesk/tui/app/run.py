"""Run the app in this terminal."""

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.driver import Driver
from textual.worker import WorkerFailed

from helpdesk.desk.settings import Settings
from helpdesk.error_log import log_crash
from helpdesk.ssh.process import kill_soon
from helpdesk.tui.app.app import HelpdeskApp
from helpdesk.tui.app.prefetch import QueuePrefetch
from helpdesk.tui.terminal.driver import LeanDriver
from helpdesk.tui.terminal.type_ahead import wait_for_all_keys

if TYPE_CHECKING:
    from helpdesk.desk.session import Desk

#: How long the app may take to end after it was told to, and to process the typed keys before.
_END_WITHIN_S, _KEYS_WITHIN_S = 20.0, 12.0


def run_app(settings: Settings, prefetch: QueuePrefetch | None = None) -> int:
    """Run the app and return its exit code.

    :param prefetch: the child process that is reading the first queue.
    :raises DeskError: if the desk cannot be opened, or the app had to end; the terminal is
        restored before.
    """
    app = TerminalApp(_opener(settings), prefetch=prefetch)
    # The connection was closed or the program is told to end: save drafts and exit.
    for told in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(told, lambda *_: app.hang_up())
    app.run()
    if app.failure is not None:
        raise app.failure
    if isinstance(app.crash, MemoryError):
        raise app.crash  # over SSH a limit was reached, which the caller says
    if app.crash is not None:
        print(f"helpdesk: {log_crash(app.crash)}", file=sys.stderr)
        return 1
    return app.return_code or 0


def _opener(settings: Settings) -> "Callable[[], Desk]":
    def open_with_settings() -> "Desk":
        # Imported on the desk's thread, when the frame is already on screen.
        from helpdesk.desk.opening import open_desk

        return open_desk(settings)

    return open_with_settings


class TerminalApp(HelpdeskApp):
    """The app in a real terminal; an unexpected error goes to the log, not to the screen."""

    crash: BaseException | None = None
    _loop_of_app: asyncio.AbstractEventLoop | None = None
    _ending: "asyncio.Future[None] | None" = None
    _told_to_end = False

    def get_driver_class(self) -> type[Driver]:
        """Return the app's own driver; ``TEXTUAL_DRIVER`` is ignored."""
        return LeanDriver

    # Textual calls this besides the handler of the same name in the base class.
    def on_mount(self) -> None:
        """Listen for the end of the connection; end at once if it came first."""
        self._loop_of_app = asyncio.get_running_loop()
        if isinstance(self._driver, LeanDriver):
            self._driver.on_line_lost = self.hang_up
        if self._told_to_end:
            self._begin_to_end()

    def _end_with(self, error: Exception) -> None:
        self.keep_drafts()
        # The error that a worker raised names the place; WorkerFailed does not.
        self.crash = error.error if isinstance(error, WorkerFailed) else error
        self._close_messages_no_wait()
        self.exit(return_code=1)

    def hang_up(self) -> None:
        """Process the keys that have arrived, save all drafts and end the app.

        May be called by a signal handler or another thread, because the connection was closed or
        the process is told to end.
        """
        if self._told_to_end:
            return
        self._told_to_end = True
        kill_soon(_END_WITHIN_S)
        if self._loop_of_app is not None:
            self._loop_of_app.call_soon_threadsafe(self._begin_to_end)

    def _begin_to_end(self) -> None:
        self._ending = asyncio.ensure_future(self._end())

    async def _end(self) -> None:
        self.keep_drafts()
        with suppress(TimeoutError):
            async with asyncio.timeout(_KEYS_WITHIN_S):
                if isinstance(self._driver, LeanDriver):
                    await self._driver.read_typed_keys()
                await wait_for_all_keys(self)
        self.keep_drafts()
        self.exit(return_code=0)
