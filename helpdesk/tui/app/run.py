"""Run the app in this terminal."""

import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.driver import Driver
from textual.worker import WorkerFailed

from helpdesk.desk.settings import Settings
from helpdesk.error_log import log_crash
from helpdesk.tui.app.app import HelpdeskApp
from helpdesk.tui.app.prefetch import QueuePrefetch

if TYPE_CHECKING:
    from helpdesk.desk.session import Desk


def run_app(settings: Settings, prefetch: QueuePrefetch | None = None) -> int:
    """Run the app and return its exit code.

    :param prefetch: the child process that is reading the first queue.
    :raises DeskError: if the desk cannot be opened, or the app had to end; the terminal is
        restored before.
    """
    app = TerminalApp(_opener(settings), prefetch=prefetch)
    # The connection was closed or the program is told to end: save drafts and exit.
    signal.signal(signal.SIGHUP, lambda *_: app.hang_up())
    signal.signal(signal.SIGTERM, lambda *_: app.hang_up())
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

    def get_driver_class(self) -> type[Driver]:
        """Return the app's own driver; ``TEXTUAL_DRIVER`` is ignored."""
        from helpdesk.tui.terminal.driver import LeanDriver

        return LeanDriver

    def _handle_exception(self, error: Exception) -> None:
        self.keep_drafts()
        # The error that a worker raised names the place; WorkerFailed does not.
        self.crash = error.error if isinstance(error, WorkerFailed) else error
        self._close_messages_no_wait()
        self.exit(return_code=1)

    def hang_up(self) -> None:
        """Save all drafts and end the app, because of SIGHUP or SIGTERM."""
        from helpdesk.desk.ssh.watchdog import kill_soon  # here, because it imports the ORM

        kill_soon()
        self.keep_drafts()
        self.call_later(self.exit, return_code=0)
