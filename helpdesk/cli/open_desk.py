"""Opening the desk that the arguments name."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from helpdesk.cli.changes import changes
from helpdesk.cli.exit_codes import ExitCode
from helpdesk.cli.settings import settings_of
from helpdesk.desk.hazards import hazards
from helpdesk.desk.opening import open_desk
from helpdesk.desk.scheduler import catch_up
from helpdesk.desk.session import Desk
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.roles import Role
from helpdesk.domain.text import one_line

if TYPE_CHECKING:
    from helpdesk.desk.ssh.watchdog import Watchdog


def wants_json(arguments: argparse.Namespace) -> bool:
    """Whether ``--json`` was given."""
    return bool(getattr(arguments, "json", False))


@contextmanager
def opened_desk(arguments: argparse.Namespace) -> Iterator[Desk]:
    """Open the desk that the arguments name, and close it at the end of the block.

    Due actions are run first, except for auditors, who may not change anything.
    """
    desk = open_desk(settings_of(arguments))
    watchdog = _start_watchdog(desk) if desk.connection is not None else None
    try:
        if desk.agent.role is not Role.AUDITOR:
            # A desk that cannot be written can still be read; a command that writes reports it.
            with suppress(UnavailableError):
                catch_up(desk)
        desk.database.on_commit = changes.add
        yield desk
        # At the end, because a refused change says the same in its own sentence.
        for warning in hazards(desk):
            print(f"helpdesk: warning: {one_line(warning.sentence)}", file=sys.stderr)
    finally:
        if watchdog is not None:
            watchdog.stop()
        desk.close()


def _start_watchdog(desk: Desk) -> "Watchdog":
    from helpdesk.desk.ssh.watchdog import Watchdog  # needed over SSH only

    def end(sentence: str) -> None:
        print(f"helpdesk: {one_line(sentence)}", file=sys.stderr, flush=True)
        os._exit(ExitCode.NOT_PERMITTED)

    watchdog = Watchdog(desk, end)
    watchdog.start()
    return watchdog
