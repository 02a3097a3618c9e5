"""Opening the desk that the arguments name."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from helpdesk.cli.changes import changes
from helpdesk.cli.progress import Progress
from helpdesk.cli.settings import settings_of
from helpdesk.desk.hazards import hazards
from helpdesk.desk.opening import open_desk, refresh_sign_in
from helpdesk.desk.scheduler import catch_up
from helpdesk.desk.session import Desk
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.i18n import _
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
        with _in_use(signed_in):
            yield signed_in
        return
    with Progress(_("opening the desk")):
        desk = open_desk(settings_of(arguments))
    try:
        with _in_use(desk):
            yield desk
    finally:
        desk.close()


@contextmanager
def _in_use(desk: Desk) -> Iterator[None]:
    if desk.agent.role is not Role.AUDITOR:
        # A desk that cannot be written can still be read; a command that writes reports it.
        with suppress(UnavailableError):
            catch_up(desk)
    desk.database.on_commit = changes.add
    yield
    # At the end, because a refused change says the same in its own sentence.
    for warning in hazards(desk):
        print(f"helpdesk: warning: {one_line(warning.sentence)}", file=sys.stderr)
    if desk.search_shortage:
        print(f"helpdesk: {desk.search_shortage}", file=sys.stderr)
