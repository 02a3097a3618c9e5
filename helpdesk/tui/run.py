"""Running the app in this terminal."""

import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.driver import Driver

from helpdesk.desk.settings import Settings
from helpdesk.domain.errors import UnavailableError
from helpdesk.error_log import log_crash
from helpdesk.tui.app import HelpdeskApp

if TYPE_CHECKING:
    from helpdesk.desk.session import Desk


def run_app(settings: Settings) -> int:
    """Open the app on a desk; returns the exit code.

    :raises DeskError: if this is no terminal for it, or the desk cannot be opened; the app has
        left the screen by then.
    """
    require_terminal()
    app = QuietApp(_opener(settings))
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
        from helpdesk.desk.session import open_desk

        return open_desk(settings)

    return open_it


def require_terminal() -> None:
    """Refuse what is no terminal for the app.

    :raises UnavailableError: if input or output is none, or its type cannot show full screens.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UnavailableError(
            "the app needs a terminal; in scripts use commands such as 'helpdesk ticket list'."
        )
    if os.environ.get("TERM", "") in ("dumb", ""):
        raise UnavailableError(
            f"the terminal type {os.environ.get('TERM', '') or '(none)'} cannot show full-screen "
            "programs: set TERM (for instance xterm-256color) or use commands such as "
            "'helpdesk ticket list'."
        )


class QuietApp(HelpdeskApp):
    """The app as people run it: an unexpected error goes to the log, not to their screen."""

    crash: BaseException | None = None

    def get_driver_class(self) -> type[Driver]:
        """Return our own, whatever the environment names."""
        from helpdesk.tui.lean_driver import LeanDriver

        return LeanDriver

    def _handle_exception(self, error: Exception) -> None:
        self.keep_drafts()
        self.crash = error
        self._close_messages_no_wait()
        self.exit(return_code=1)

    def hang_up(self) -> None:
        """The terminal is gone or the program is told to end."""
        from helpdesk.desk.warden import end_soon  # as above

        end_soon()
        self.keep_drafts()
        self.call_later(self.exit, return_code=0)
