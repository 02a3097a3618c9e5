"""Opening the desk that the arguments name."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from helpdesk.cli.settings import settings_of
from helpdesk.desk.opening import open_desk, refresh_sign_in
from helpdesk.desk.scheduler import catch_up
from helpdesk.desk.session import Desk
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.roles import Role
from helpdesk.domain.text import one_line


def wants_json(arguments: argparse.Namespace) -> bool:
    """Whether ``--json`` was given."""
    return bool(getattr(arguments, "json", False))


@contextmanager
def opened_desk(arguments: argparse.Namespace) -> Iterator[Desk]:
    """Open the desk that the arguments name, and close it at the end of the block.

    Due actions are run first, except for auditors, who may not change anything.
    """
    signed_in: Desk | None = getattr(arguments, "signed_in", None)
    if signed_in is not None:  # over SSH: it stays open until the request has ended
        refresh_sign_in(signed_in)
        yield _caught_up(signed_in)
        _tell_shortage(signed_in)
        return
    desk = open_desk(settings_of(arguments))
    try:
        yield _caught_up(desk)
        _tell_shortage(desk)
    finally:
        desk.close()


def _caught_up(desk: Desk) -> Desk:
    if desk.database_hazard:
        print(f"helpdesk: warning: {one_line(desk.database_hazard)}", file=sys.stderr)
    if desk.agent.role is not Role.AUDITOR:
        # A desk that cannot be written can still be read; a command that writes reports it.
        with suppress(UnavailableError):
            catch_up(desk)
    return desk


def _tell_shortage(desk: Desk) -> None:
    if desk.search_shortage:
        print(f"helpdesk: {desk.search_shortage}", file=sys.stderr)
