"""Check that the app can run in this terminal, without loading Textual."""

import os
import sys

from helpdesk.domain.errors import UnavailableError


def require_terminal() -> None:
    """Raise an error if the app cannot run here.

    :raises UnavailableError: if standard input or output is not a terminal, or if the terminal's
        type cannot show full-screen programs.
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
