"""Running the app in this terminal."""

import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.driver import Driver
from textual.worker import WorkerFailed

from helpdesk.desk.settings import Settings
from helpdesk.error_log import log_crash
from helpdesk.tui.app.app import HelpdeskApp
from helpdesk.tui.app.prefetch import Scout

if TYPE_CHECKING:
    from helpdesk.desk.session import Desk


def run_app(settings: Settings, scout: Scout | None = None) -> int:
    """Open the app on a desk; returns the exit code.

    :param scout: has been sent to read the first queue meanwhile.
    :raises DeskError: if this is no terminal for it, or the desk cannot be opened; the app has
        left the screen by then.
    """
    app = QuietApp(_opener(settings), scout=scout)
    # A closed connection: keep what was typed, and end at once.
    signal.signal(signal.SIGHUP, lambda *_: app.hang_up())
    signal.signal(signal.SIGTERM, lambda *_: app.hang_up())
    app.run()
    if app.failure is not None:
        raise app.failure
    if app.crash is not None:
        print(f"helpdesk: {log_crash(app.crash)}", file=sys.stderr)
        return 1
    return app.return_code or 0


def _opener(settings: Settings) -> "Callable[[], Desk]":
    def open_it() -> "Desk":
        # Imported on the desk's thread, while the frame is already on screen.
        from helpdesk.desk.opening import open_desk

        return open_desk(settings)

    return open_it


class QuietApp(HelpdeskApp):
    """The app as people run it: an unexpected error goes to the log, not to their screen."""

    crash: BaseException | None = None

    def get_driver_class(self) -> type[Driver]:
        """Return our own, whatever the environment names."""
        from helpdesk.tui.terminal.driver import LeanDriver

        return LeanDriver

    def _handle_exception(self, error: Exception) -> None:
        self.keep_drafts()
        # What a worker raised tells where; that a worker failed does not.
        self.crash = error.error if isinstance(error, WorkerFailed) else error
        self._close_messages_no_wait()
        self.exit(return_code=1)

    def hang_up(self) -> None:
        """The terminal is gone or the program is told to end."""
        from helpdesk.desk.ssh.watchdog import end_soon  # as above

        end_soon()
        self.keep_drafts()
        self.call_later(self.exit, return_code=0)
