"""``helpdesk policy …``: who is promised what, and what happens when time runs short."""

import argparse
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpdesk.cli.exit_codes import ExitCode
from helpdesk.cli.open_desk import open_door, wants_json
from helpdesk.cli.output import iso, local, print_json, print_table, print_text
from helpdesk.desk.policy import apply_policy
from helpdesk.desk.policy.apply_policy import Preview
from helpdesk.desk.policy.files import read_text, require_policy
from helpdesk.desk.policy.recompute import ClockMove
from helpdesk.desk.session import utc_now
from helpdesk.domain.sla.clock import clock_title

#: How many tickets are named for people; ``--json`` names all.
_NAMED = 20
_WORTH_SAYING_S = 1.0


def check(arguments: argparse.Namespace) -> int:
    """Name every mistake; refused (1) if there is one.  A file is checked without any desk."""
    if arguments.file is None:
        name = "the policy in force"
        with open_door(arguments) as desk:
            findings = apply_policy.check_in_force(desk)
    else:
        name = arguments.file
        findings = apply_policy.check_file(_file(arguments.file), utc_now())
    if wants_json(arguments):
        print_json(
            [{"line": one.line, "place": one.place, "message": one.sentence} for one in findings]
        )
    else:
        for one in findings:
            print_text(f"{name}:{one}")
        print_text(f"{name}: {_count(len(findings), 'mistake')}.")
    return ExitCode.REFUSED if findings else ExitCode.DONE


def preview(arguments: argparse.Namespace) -> None:
    """Tell what applying a file would change, changing nothing."""
    with open_door(arguments) as desk:
        found = apply_policy.preview(desk, _file(arguments.file), _Progress())
    _report(arguments, found, "would become")


def apply(arguments: argparse.Namespace) -> None:
    """Bring a file into force."""
    with open_door(arguments) as desk:
        found = apply_policy.apply(desk, _file(arguments.file), _Progress(), arguments.seen_version)
    _report(arguments, found, "is")


def show(arguments: argparse.Namespace) -> None:
    """Print the policy in force, another version of it, or a file that has no mistake."""
    if arguments.file is not None:
        file = _file(arguments.file)
        text = read_text(file)
        policy = require_policy(text, arguments.file, file.parent, utc_now())
        if wants_json(arguments):
            print_json({"version": None, "name": policy.label, "text": text})
        else:
            print_text(text)
        return
    with open_door(arguments) as desk:
        shown = apply_policy.show(desk, arguments.policy_version)
        versions = apply_policy.versions(desk)
    if wants_json(arguments):
        known = [
            {
                "version": one.number,
                "name": one.label,
                "applied_at": iso(one.applied_at),
                "applied_by": one.applied_by or None,
            }
            for one in versions
        ]
        chosen = next(one for one in known if one["version"] == shown.number)
        print_json({**chosen, "text": shown.text, "versions": known})
        return
    print_text(shown.text.removesuffix("\n"))
    by = f" by {shown.applied_by}" if shown.applied_by else ""
    others = f"; of {len(versions)} versions, --version N shows another" if versions[1:] else ""
    print(
        f"version {shown.number} ({shown.label}), applied {local(shown.applied_at)}{by}{others}",
        file=sys.stderr,
    )


def _file(name: str) -> Path:
    """Return the file that a person named; ``-`` is standard input."""
    return Path("/dev/stdin" if name == "-" else name)


class _Progress:
    """Tells on a terminal how far it is, once it takes long enough."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def __call__(self, done: int, of: int) -> None:
        if sys.stderr.isatty() and time.monotonic() - self._began > _WORTH_SAYING_S:
            end = "\n" if done == of else ""
            print(f"\r{done:,} of {of:,} open tickets", end=end, file=sys.stderr, flush=True)


def _report(arguments: argparse.Namespace, found: Preview, becomes: str) -> None:
    if wants_json(arguments):
        print_json(
            {
                "version": found.version,
                "name": found.label,
                "open_tickets": found.open_tickets,
                "clocks_moved": found.clocks,
                "breached_at_once": found.breached,
                "tickets": [
                    {
                        "id": one.ref,
                        "policy": one.policy,
                        "clocks": [_clock_json(clock) for clock in one.clocks],
                    }
                    for one in found.changes
                ],
            }
        )
        return
    print_text(f"{found.label!r} {becomes} version {found.version} of the policy.")
    print_text(
        f"{_count(found.open_tickets, 'open ticket')}: {_count(found.clocks, 'clock')} moved, "
        f"{found.breached} of them breached at once."
    )
    if not found.changes:
        return
    # What is breached by the change is what a lead must see first.
    ordered = sorted(found.changes, key=lambda one: not _breaches(one.clocks))
    print_text("")
    print_table(
        ("ID", "CLOCK", "DUE NOW" if becomes != "is" else "WAS DUE", "THEN", "SLA", ""),
        (
            (
                *(one.ref, clock_title(clock.clock)),
                *(local(clock.before), local(clock.after)),
                *(one.policy, "breached at once" if clock.breached_at_once else ""),
            )
            for one in ordered[:_NAMED]
            for clock in one.clocks
        ),
    )
    if len(ordered) > _NAMED:
        print_text(f"… and {len(ordered) - _NAMED} more tickets (--json names all).")


def _breaches(clocks: Iterable[ClockMove]) -> bool:
    return any(clock.breached_at_once for clock in clocks)


def _clock_json(clock: ClockMove) -> dict[str, Any]:
    return {
        "name": clock.clock,
        "due_before": iso(clock.before),
        "due_after": iso(clock.after),
        "breached_at_once": clock.breached_at_once,
    }


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
