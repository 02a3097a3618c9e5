"""Whether this is a terminal for the app; loads nothing."""

import os
import sys

from helpdesk.domain.errors import UnavailableError


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
