"""``helpdesk db …``: the database's schema, backups, whether it is whole, moving it."""

import argparse
import dataclasses
import sys
import time
from collections.abc import Callable

from helpdesk.cli.open_desk import open_door, wants_json
from helpdesk.cli.output import print_json, print_text
from helpdesk.cli.settings import settings_of
from helpdesk.desk.administration import schema_upgrade
from helpdesk.locations import named_path

_SENTENCES = {
    "absent": "there is no desk yet; it is set up at the first use",
    "current": "up to date",
    "outdated": "older than this program: run 'helpdesk db upgrade'",
    "newer": "newer than this program: upgrade the program",
}
#: How often progress is told, in seconds.
_TELL_EVERY_S = 2.0


def status(arguments: argparse.Namespace) -> None:
    """Tell the schema's version."""
    _report(arguments, schema_upgrade.status(settings_of(arguments)))


def upgrade(arguments: argparse.Namespace) -> None:
    """Bring the schema to this program's version, after a backup."""
    backup_to = named_path(arguments.backup) if arguments.backup else None
    found = schema_upgrade.upgrade(
        settings_of(arguments), take_backup=arguments.take_backup, backup_to=backup_to, told=_tell
    )
    _report(arguments, found)


def backup(arguments: argparse.Namespace) -> None:
    """Take a backup and verify it."""
    from helpdesk.desk.administration import backups

    with open_door(arguments) as desk:
        taken = backups.take(desk, named_path(arguments.path), arguments.keep)
    if wants_json(arguments):
        print_json(dataclasses.asdict(taken))
        return
    gone = f"; {len(taken.removed)} older removed" if taken.removed else ""
    print_text(f"{taken.path}: {taken.bytes:,} bytes, read back and whole{gone}.")


def restore(arguments: argparse.Namespace) -> None:
    """Put a backup in the desk's place."""
    from helpdesk.desk.administration import backups

    name = backups.restore(
        settings_of(arguments), named_path(arguments.path), replace=arguments.replace
    )
    if wants_json(arguments):
        print_json({"database": name, "restored_from": arguments.path})
    else:
        print_text(f"{name} holds what {arguments.path} held.")


def check(arguments: argparse.Namespace) -> int:
    """Tell what is not whole; 1 if there is anything."""
    from helpdesk.desk.administration import integrity

    told = _tell if sys.stderr.isatty() else lambda words: None
    with open_door(arguments) as desk:
        findings = list(integrity.check_all(desk, told))
    if wants_json(arguments):
        print_json([{**dataclasses.asdict(one), "ok": one.is_well} for one in findings])
    else:
        for one in findings:
            print_text(f"{one.name}: {'whole' if one.is_well else 'NOT WHOLE'} ({one.looked_at})")
            for problem in one.problems:
                print_text(f"  {problem}")
    if all(one.is_well for one in findings):
        return 0
    print(
        "helpdesk: the desk is not whole: take a copy of it as it is, then restore a backup "
        "('helpdesk db restore').",
        file=sys.stderr,
    )
    return 1


def copy(arguments: argparse.Namespace) -> None:
    """Copy the desk into another database, checked row by row."""
    from helpdesk.desk.administration import copy_desk

    with open_door(arguments) as desk:
        moved = copy_desk.copy_to(desk, arguments.to, _progress("rows copied and compared"))
    if wants_json(arguments):
        print_json(dataclasses.asdict(moved))
        return
    print_text(
        f"{moved.target} holds {moved.rows:,} rows ({moved.tickets:,} tickets), each the same as "
        f"in {moved.source}."
    )
    if moved.left_behind:
        print_text(
            f"{moved.left_behind} entries were made in the old place meanwhile and are not in the "
            "new one: let everybody leave, and copy again."
        )


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _progress(what: str) -> Callable[[int, int], None]:
    told_at = time.monotonic()

    def tell(done: int, of: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at > _TELL_EVERY_S:
            told_at = time.monotonic()
            _tell(f"{done:,} of {of:,} {what}")

    return tell


def _report(arguments: argparse.Namespace, found: schema_upgrade.DatabaseStatus) -> None:
    if wants_json(arguments):
        print_json(
            {
                "database": found.database,
                "schema": found.schema,
                "program_schema": found.program_schema,
                "state": found.state,
            }
        )
        return
    print_text(f"{found.database}: schema {found.schema or '-'}, {_SENTENCES[found.state]}.")
