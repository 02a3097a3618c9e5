"""``helpdesk demo``: the app on a desk with made-up data."""

import argparse
import dataclasses
import os
import shutil
import tempfile
from pathlib import Path

from helpdesk.cli.changes import changes
from helpdesk.cli.open_desk import wants_json
from helpdesk.cli.output import print_json, print_text
from helpdesk.cli.progress import Progress
from helpdesk.cli.settings import settings_of
from helpdesk.desk.demo.fill import FillResult, fill, is_empty
from helpdesk.desk.opening import open_desk
from helpdesk.desk.settings import Settings
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _, n_
from helpdesk.locations import shipped_folder
from helpdesk.tui.terminal.require_terminal import require_terminal

#: From this many tickets on, progress is reported to a file or pipe as well.
_TOLD_IN_FILES_FROM = 1_000


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
    with Progress(_("opening the desk")):
        desk = open_desk(dataclasses.replace(settings, acting_as=None))
    try:
        if arguments.make_only or is_empty(desk):
            in_files = arguments.tickets >= _TOLD_IN_FILES_FROM
            with Progress(_("making tickets"), in_files=in_files) as progress:
                made = fill(desk, arguments.tickets, arguments.seed, desk.now(), progress)
        if arguments.make_only:
            told = n_("{n:,} ticket made", "{n:,} tickets made", made.tickets)
            changes.add(told.format(n=made.tickets))
            _report(arguments, desk.database.name, made)
            return 0
    finally:
        desk.close()
    from helpdesk.tui.app.run import run_app  # only the app needs Textual

    return run_app(settings)


def _report(arguments: argparse.Namespace, database: str, made: FillResult) -> None:
    if wants_json(arguments):
        print_json({"database": database, **dataclasses.asdict(made)})
    else:
        print_text(
            n_(
                "{database}: {n:,} ticket ({active:,} active), {entries:,} timeline entries.",
                "{database}: {n:,} tickets ({active:,} active), {entries:,} timeline entries.",
                made.tickets,
            ).format(database=database, n=made.tickets, active=made.active, entries=made.events)
        )
