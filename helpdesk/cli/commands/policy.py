"""``helpdesk policy …``: SLAs, support hours, levels and escalation rules."""

import argparse
import sys

from helpdesk.cli.arguments import File
from helpdesk.cli.clock_moves import moves_json, print_moves
from helpdesk.cli.exit_codes import ExitCode
from helpdesk.cli.files import folder_of, read_bytes
from helpdesk.cli.open_desk import opened_desk, wants_json
from helpdesk.cli.output import iso, local, print_json, print_text
from helpdesk.cli.progress import Progress
from helpdesk.cli.settings import settings_of
from helpdesk.desk.policy import apply_policy
from helpdesk.desk.policy.apply_policy import PolicyPreview
from helpdesk.desk.policy.files import SIZE_LIMIT, PolicyText, decode, require_policy
from helpdesk.desk.session import Desk, utc_now
from helpdesk.domain.i18n import _


def check(arguments: argparse.Namespace) -> int:
    """List every mistake and warning; the exit code is 1 (refused) if there is a mistake.

    A file is checked without opening the desk, unless it names agents.
    """
    if arguments.file is None:
        name = "the policy in force"
        with opened_desk(arguments) as desk:
            findings = apply_policy.check_in_force(desk)
    else:
        name = arguments.file
        text = _read(arguments.file)
        findings = apply_policy.check(text, utc_now())
        if b"confidential" in text.text.encode() and _is_desk(arguments):
            with opened_desk(arguments) as desk:  # it knows the agents who are named
                findings = apply_policy.check_for_desk(desk, text)
    warnings = sum(finding.is_warning for finding in findings)
    if wants_json(arguments):
        print_json(
            [
                {
                    "line": each.line,
                    "place": each.place,
                    "message": each.sentence,
                    "severity": "warning" if each.is_warning else "mistake",
                }
                for each in findings
            ]
        )
    else:
        for finding in findings:
            print_text(f"{name}:{finding}")
        warned = f", {_count(warnings, 'warning')}" if warnings else ""
        print_text(f"{name}: {_count(len(findings) - warnings, 'mistake')}{warned}.")
    return ExitCode.REFUSED if len(findings) > warnings else ExitCode.DONE


def _is_desk(arguments: argparse.Namespace) -> bool:
    from helpdesk.desk.administration import schema_upgrade  # needed for some policies only

    return schema_upgrade.status(settings_of(arguments)).state == "current"


def _print_warnings(desk: Desk, text: PolicyText) -> None:
    for finding in apply_policy.check_for_desk(desk, text):
        print(f"{text.name}:{finding}", file=sys.stderr)


def preview(arguments: argparse.Namespace) -> None:
    """Print what applying a file would change, without changing anything."""
    text = _read(arguments.file)
    with opened_desk(arguments) as desk, _progress() as progress:
        found = apply_policy.preview(desk, text, progress)
        _print_warnings(desk, text)
    _report(arguments, found, "would become")


def apply(arguments: argparse.Namespace) -> None:
    """Put a file into force."""
    text = _read(arguments.file)
    with opened_desk(arguments) as desk, _progress() as progress:
        found = apply_policy.apply(desk, text, progress, arguments.seen_version)
        _print_warnings(desk, text)
    _report(arguments, found, "is")


def show(arguments: argparse.Namespace) -> None:
    """Print the policy in force, another version of it, or a file without mistakes."""
    if arguments.file is not None:
        source = _read(arguments.file)
        policy, text = require_policy(source, utc_now()), source.text
        if wants_json(arguments):
            print_json({"version": None, "name": policy.label, "text": text})
        else:
            print_text(text)
        return
    with opened_desk(arguments) as desk:
        shown = apply_policy.show(desk, arguments.policy_version)
        versions = apply_policy.versions(desk)
    if wants_json(arguments):
        known = [
            {
                "version": version.number,
                "name": version.label,
                "applied_at": iso(version.applied_at),
                "applied_by": version.applied_by or None,
            }
            for version in versions
        ]
        chosen = next(version for version in known if version["version"] == shown.number)
        print_json({**chosen, "text": shown.text, "versions": known})
        return
    print_text(shown.text.removesuffix("\n"))
    by = f" by {shown.applied_by}" if shown.applied_by else ""
    others = f"; of {len(versions)} versions, --version N shows another" if versions[1:] else ""
    print(
        f"version {shown.number} ({shown.label}), applied {local(shown.applied_at)}{by}{others}",
        file=sys.stderr,
    )


def _read(file: File) -> PolicyText:
    """Return the policy in a file."""
    text = decode(read_bytes(file, SIZE_LIMIT, "name a policy file"), file)
    return PolicyText(text, file, names_files=not file.over_ssh, folder=folder_of(file))


def _progress() -> Progress:
    return Progress(_("computing the clocks of the open tickets"))


def _report(arguments: argparse.Namespace, found: PolicyPreview, becomes: str) -> None:
    if wants_json(arguments):
        print_json(
            {
                "version": found.version,
                "name": found.label,
                "open_tickets": found.open_tickets,
                "clocks_moved": found.clocks,
                "breached_at_once": found.breached,
                "partial": found.is_partial,
                "tickets": moves_json(found.changes),
            }
        )
        return
    print_text(f"{found.label!r} {becomes} version {found.version} of the policy.")
    print_text(
        f"{_count(found.open_tickets, 'open ticket')}: {_count(found.clocks, 'clock')} moved, "
        f"{found.breached} of them breached at once."
    )
    if found.is_partial:
        print_text("Tickets that you may not see change in the same way and are not counted here.")
    print_moves(found.changes, before=becomes != "is")


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
