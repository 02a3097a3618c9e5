"""``helpdesk`` without a command: the app."""

import os
from typing import TYPE_CHECKING

from helpdesk.cli.settings import settings_of
from helpdesk.tui.app.prefetch import Scout
from helpdesk.tui.terminal.require_terminal import require_terminal

if TYPE_CHECKING:
    import argparse


def run(arguments: "argparse.Namespace") -> int | None:
    """Open the app; returns its exit code.

    Where sshd was told to start ``helpdesk --as LOGIN`` and the client asked for a command, that is
    what it gets, by way of the door.
    """
    if "SSH_ORIGINAL_COMMAND" in os.environ and hasattr(arguments, "acting_as"):
        from helpdesk.cli.commands import door

        return door.run(arguments)
    require_terminal()
    settings = settings_of(arguments)
    scout = Scout.send(settings)
    # Loaded after the scout has been sent: it does its part meanwhile.
    from helpdesk.tui.app.run import run_app

    return run_app(settings, scout)
