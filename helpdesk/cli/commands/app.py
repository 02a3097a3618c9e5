"""``helpdesk`` without a command: the app."""

import os
from typing import TYPE_CHECKING

from helpdesk.cli.settings import settings_of
from helpdesk.tui.app.prefetch import QueuePrefetch
from helpdesk.tui.terminal.require_terminal import require_terminal

if TYPE_CHECKING:
    import argparse


def run(arguments: "argparse.Namespace") -> int | None:
    """Open the app and return its exit code.

    If sshd's forced command is ``helpdesk --as LOGIN`` and the client asked for a command, run that
    command with the restrictions of ``helpdesk door``.
    """
    if "SSH_ORIGINAL_COMMAND" in os.environ and hasattr(arguments, "acting_as"):
        from helpdesk.cli.commands import door

        return door.run(arguments)
    require_terminal()
    settings = settings_of(arguments)
    prefetch = QueuePrefetch.start(settings)
    # Imported now, while the prefetch is running.
    from helpdesk.tui.app.run import run_app

    return run_app(settings, prefetch)
