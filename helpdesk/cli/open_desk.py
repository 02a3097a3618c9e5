"""From parsed arguments to an open desk."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk.cli.exit_codes import ExitCode
from helpdesk.cli.settings import settings_of
from helpdesk.desk.opening import open_desk
from helpdesk.desk.scheduler import catch_up
from helpdesk.desk.session import Desk
from helpdesk.domain.errors import RefusedError, UnavailableError
from helpdesk.domain.roles import Role
from helpdesk.domain.text import one_line

if TYPE_CHECKING:
    from helpdesk.desk.ssh.watchdog import Warden


def wants_json(arguments: argparse.Namespace) -> bool:
    """Whether ``--json`` was given."""
    return bool(getattr(arguments, "json", False))


@contextmanager
def open_door(arguments: argparse.Namespace) -> Iterator[Desk]:
    """Open the desk that the arguments name, and close it at the end of the block."""
    desk = open_desk(settings_of(arguments))
    if desk.database_hazard:
        print(f"helpdesk: warning: {one_line(desk.database_hazard)}", file=sys.stderr)
    warden = _warden(desk) if desk.connection is not None else None
    try:
        if desk.agent.role is not Role.AUDITOR:
            # A desk that cannot be written now can still be read: the command itself will tell.
            with suppress(UnavailableError):
                catch_up(desk)
        yield desk
    finally:
        if warden is not None:
            warden.stop()
        desk.close()


def _warden(desk: Desk) -> "Warden":
    from helpdesk.desk.ssh.watchdog import Warden  # only who comes in over SSH needs one

    def end(sentence: str) -> None:
        print(f"helpdesk: {one_line(sentence)}", file=sys.stderr, flush=True)
        os._exit(ExitCode.NOT_PERMITTED)

    warden = Warden(desk, end)
    warden.start()
    return warden


def text_of(argument: str) -> str:
    """Return a text argument; ``-`` stands for what comes on standard input."""
    if argument != "-":
        return argument
    return sys.stdin.buffer.read().decode("utf-8", "replace").removesuffix("\n")


def file_text(name: str) -> str:
    """Return the text of a file that is named; ``-`` stands for standard input.

    :raises RefusedError: if it cannot be read or is no text.
    """
    if name == "-":
        return text_of(name)
    try:
        return Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise RefusedError(f"{name} cannot be read ({error.strerror}): name a file.") from error
    except ValueError as error:
        raise RefusedError(f"{name!r} is no UTF-8 text: name another file.") from error
