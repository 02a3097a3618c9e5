"""``helpdesk db …``: the database's schema, backups, integrity check and copies."""

import argparse
import dataclasses
import sys
from contextlib import ExitStack
from typing import Any

from helpdesk.cli.changes import changes
from helpdesk.cli.clock_moves import moves_json, print_moves
from helpdesk.cli.open_desk import opened_desk, wants_json
from helpdesk.cli.output import print_json, print_text
from helpdesk.cli.progress import Progress
from helpdesk.cli.settings import settings_of
from helpdesk.desk.administration import schema_upgrade
from helpdesk.desk.administration.schema_upgrade import ClockStep
from helpdesk.desk.policy.renewal import ClockRenewal
from helpdesk.domain.i18n import _, n_
from helpdesk.locations import named_path

_SENTENCES = {
    "absent": "there is no desk yet; it is set up at the first use",
    "current": "up to date",
    "outdated": "older than this program: run 'helpdesk db upgrade'",
    "newer": "newer than this program: upgrade the program",
}


def status(arguments: argparse.Namespace) -> None:
    """Print the version of the schema."""
    _report(arguments, schema_upgrade.status(settings_of(arguments)))


def upgrade(arguments: argparse.Namespace) -> None:
    """Upgrade the schema to this program's version, after a backup."""
    backup_to = named_path(arguments.backup) if arguments.backup else None
    step = ClockStep.KEEP if arguments.keep_clocks else ClockStep.RENEW
    with ExitStack() as stack:
        shown: list[Progress] = []

        def progress(done: int, of: int) -> None:
            if not shown:  # other steps come first
                working = Progress(_("computing the clocks of the open tickets"))
                shown.append(stack.enter_context(working))
            shown[0](done, of)

        found = schema_upgrade.upgrade(
            settings_of(arguments),
            take_backup=arguments.take_backup,
            backup_to=backup_to,
            clocks=ClockStep.PREVIEW if arguments.preview else step,
            told=_print_progress,
            progress=progress,
        )
    if not arguments.preview:
        changes.add(f"{found.database} has schema {found.schema}")
    _report(arguments, found)


def backup(arguments: argparse.Namespace) -> None:
    """Take a backup and verify it."""
    from helpdesk.desk.administration import backups

    working = Progress(_("writing and verifying the backup"))
    with opened_desk(arguments) as desk, working:
        taken = backups.take(desk, named_path(arguments.path), arguments.keep)
    changes.add(f"backup {taken.path} written")
    if wants_json(arguments):
        print_json(dataclasses.asdict(taken))
        return
    removed = f"; {len(taken.removed)} older removed" if taken.removed else ""
    print_text(f"{taken.path}: {taken.bytes:,} bytes, verified{removed}.")


def restore(arguments: argparse.Namespace) -> None:
    """Replace the desk with a backup."""
    from helpdesk.desk.administration import backups

    with Progress(_("verifying and restoring the backup")):
        done = backups.restore(
            settings_of(arguments),
            named_path(arguments.path),
            replace=arguments.replace,
            keep_replaced=arguments.keep_replaced,
        )
    changes.add(f"{done.database} restored from {arguments.path}")
    if wants_json(arguments):
        kept = {"kept": done.kept}
        print_json({"database": done.database, "restored_from": arguments.path, **kept})
        return
    print_text(f"{done.database} was restored from {arguments.path}.")
    if done.kept:
        print_text(_("the desk that was there is kept in {file}.").format(file=done.kept))


def forget(arguments: argparse.Namespace) -> None:
    """Let another desk, or a new one, be where this account knows a desk."""
    from helpdesk.desk.administration import forget_desk

    name = forget_desk.forget(arguments.url)
    changes.add("")
    if wants_json(arguments):
        print_json({"database": name, "forgotten": True})
    else:
        print_text(f"{name} is forgotten: what is there at the next use is taken as it is.")


def check(arguments: argparse.Namespace) -> int:
    """Check the integrity of the desk; return 1 if a check failed."""
    from helpdesk.desk.administration import integrity

    with opened_desk(arguments) as desk, Progress(_("checking the desk")) as progress:
        findings = list(integrity.check_all(desk, progress.note))
    if wants_json(arguments):
        print_json([{**dataclasses.asdict(finding), "ok": finding.is_well} for finding in findings])
    else:
        for finding in findings:
            outcome = "ok" if finding.is_well else "DAMAGED"
            print_text(f"{finding.name}: {outcome} ({finding.looked_at})")
            for line in (*finding.problems, *finding.notes):
                print_text(f"  {line}")
    if all(finding.is_well for finding in findings):
        return 0
    if all(finding.is_well or finding.rebuildable for finding in findings):
        told = _("the desk's data is whole; only the search index is not: see above.")
    else:
        told = _(
            "the desk is damaged: make a copy of it as it is, then restore a backup "
            "('helpdesk db restore')."
        )
    print(f"helpdesk: {told}", file=sys.stderr)
    return 1


def copy(arguments: argparse.Namespace) -> None:
    """Copy the desk into another database and compare the copy row by row."""
    from helpdesk.desk.administration import copy_desk

    working = Progress(_("rows copied and compared"), in_files=True)
    with opened_desk(arguments) as desk, working as progress:
        copied = copy_desk.copy_to(desk, arguments.to, progress)
    changes.add(f"desk copied to {copied.target}")
    if wants_json(arguments):
        print_json(dataclasses.asdict(copied))
        return
    print_text(
        f"{copied.target} holds {copied.rows:,} rows ({copied.tickets:,} tickets), each the same "
        f"as in {copied.source}."
    )
    if copied.left_behind:
        print_text(
            n_(
                "{n} entry was made in the old database meanwhile and is not in the new one: "
                "ask everybody to leave, and copy again.",
                "{n} entries were made in the old database meanwhile and are not in the new one: "
                "ask everybody to leave, and copy again.",
                copied.left_behind,
            ).format(n=copied.left_behind)
        )


def _print_progress(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _report(arguments: argparse.Namespace, found: schema_upgrade.DatabaseStatus) -> None:
    if wants_json(arguments):
        print_json(
            {
                "database": found.database,
                "schema": found.schema,
                "program_schema": found.program_schema,
                "state": found.state,
                "clocks_due": found.renewal_due,
                "clocks": _renewal_json(found.renewal),
            }
        )
        return
    print_text(f"{found.database}: schema {found.schema or '-'}, {_SENTENCES[found.state]}.")
    if found.renewal is not None:
        _print_renewal(found.renewal, before=found.renewal_due)
    elif found.renewal_due:
        print_text(
            _(
                "The clocks of the open tickets still follow the rules of an older version: "
                "'helpdesk db upgrade --preview' shows what the new ones change, "
                "'helpdesk db upgrade' applies them."
            )
        )


def _renewal_json(renewal: ClockRenewal | None) -> dict[str, Any] | None:
    if renewal is None:
        return None
    return {
        "version": renewal.version,
        "open_tickets": renewal.open_tickets,
        "clocks_moved": renewal.clocks,
        "breached_at_once": renewal.breached,
        "tickets": moves_json(renewal.changes),
    }


def _print_renewal(renewal: ClockRenewal, *, before: bool) -> None:
    text = (
        _("New rules of the clocks would become version {version} of the policy ({name}).")
        if before
        else _("New rules of the clocks are version {version} of the policy ({name}).")
    )
    print_text(text.format(version=renewal.version, name=renewal.label))
    counts = _(
        "Open tickets: {tickets:,}. Clocks moved: {clocks:,}, breached at once: {breached:,}."
    )
    print_text(
        counts.format(
            tickets=renewal.open_tickets, clocks=renewal.clocks, breached=renewal.breached
        )
    )
    print_text(_("Tickets that were resolved or closed keep their figures."))
    print_moves(renewal.changes, before=before)
