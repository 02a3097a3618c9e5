"""``helpdesk demo``: the app on a desk with made-up data."""

import argparse
import dataclasses
import os
import shutil
import sys
import tempfile
from pathlib import Path

from helpdesk.cli.changes import changes
from helpdesk.cli.open_desk import wants_json
from helpdesk.cli.output import print_json, print_text
from helpdesk.cli.settings import settings_of
from helpdesk.desk.demo.fill import FillResult, fill, is_empty
from helpdesk.desk.opening import open_desk
from helpdesk.desk.settings import Settings
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.locations import shipped_folder
from helpdesk.tui.terminal.require_terminal import require_terminal

#: Report progress if at least this many tickets are made.
_PROGRESS_FROM = 5_000


def run(arguments: argparse.Namespace) -> int:
    """Fill a desk and open the app on it; without ``--db`` it is deleted afterwards.

    With ``--make-only`` the desk can be named by the environment as well, as in every other
    command.  The app is never opened on that one, because it may be the desk that is worked on.
    """
    named = dataclasses.replace(settings_of(arguments), throw_away=True)
    if arguments.make_only and named.database is None:
        database = os.environ.get("HELPDESK_DATABASE_URL") or None
        named = dataclasses.replace(named, database=database, throw_away=False)
    if not arguments.make_only:
        require_terminal()  # checked before the desk is filled, which takes time
    if named.database is not None:
        return _run_on(arguments, named)
    if arguments.make_only:
        raise RefusedError(
            _("--make-only needs a desk to make: name it with --db or HELPDESK_DATABASE_URL.")
        )
    with tempfile.TemporaryDirectory(prefix="helpdesk-demo-") as folder:
        kb = Path(folder) / "kb"
        shutil.copytree(shipped_folder("kb"), kb)
        database = f"sqlite:///{Path(folder) / 'demo.db'}"
        return _run_on(arguments, dataclasses.replace(named, database=database, kb=named.kb or kb))


def _run_on(arguments: argparse.Namespace, settings: Settings) -> int:
    # The owner fills it; the agent to act as may be created by that.
    desk = open_desk(dataclasses.replace(settings, acting_as=None))
    try:
        if arguments.make_only or is_empty(desk):
            made = fill(desk, arguments.tickets, arguments.seed, desk.now(), _progress)
        if arguments.make_only:
            changes.add(f"{made.tickets:,} tickets made")
            _report(arguments, desk.database.name, made)
            return 0
    finally:
        desk.close()
    from helpdesk.tui.app.run import run_app  # only the app needs Textual

    return run_app(settings)


def _progress(done: int, total: int) -> None:
    if total >= _PROGRESS_FROM:
        print(f"made {done:,} of {total:,} tickets", file=sys.stderr)


def _report(arguments: argparse.Namespace, database: str, made: FillResult) -> None:
    if wants_json(arguments):
        print_json({"database": database, **dataclasses.asdict(made)})
    else:
        print_text(
            f"{database}: {made.tickets:,} tickets ({made.active:,} active), "
            f"{made.events:,} timeline entries."
        )
