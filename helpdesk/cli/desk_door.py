"""From parsed arguments to an open desk."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from helpdesk.cli.settings import settings_of
from helpdesk.desk.keeper import catch_up
from helpdesk.desk.session import Desk, open_desk
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.roles import Role


def wants_json(arguments: argparse.Namespace) -> bool:
    """Whether ``--json`` was given."""
    return bool(getattr(arguments, "json", False))


@contextmanager
def open_door(arguments: argparse.Namespace) -> Iterator[Desk]:
    """Open the desk that the arguments name, and close it at the end of the block."""
    desk = open_desk(settings_of(arguments))
    try:
        if desk.agent.role is not Role.AUDITOR:
            # A desk that cannot be written now can still be read: the command itself will tell.
            with suppress(UnavailableError):
                catch_up(desk)
        yield desk
    finally:
        desk.close()


def text_of(argument: str) -> str:
    """Return a text argument; ``-`` stands for what comes on standard input."""
    if argument != "-":
        return argument
    return sys.stdin.buffer.read().decode("utf-8", "replace").removesuffix("\n")
