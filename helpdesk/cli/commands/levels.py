"""``helpdesk levels``: the support levels, who serves them and who is on duty."""

import argparse
from typing import Any

from helpdesk.cli.open_desk import opened_desk, wants_json
from helpdesk.cli.output import iso, local, print_json, print_table
from helpdesk.desk.people import levels
from helpdesk.desk.people.views import LevelView


def run(arguments: argparse.Namespace) -> None:
    """List the levels."""
    with opened_desk(arguments) as desk:
        found = levels.levels(desk)
    if wants_json(arguments):
        print_json([_json(level) for level in found])
        return
    print_table(
        ("LEVEL", "NAME", "OPEN", "UNASSIGNED", "DUTY", "REQUIRES", "WHO"),
        (
            (
                level.level,
                level.name,
                str(level.open),
                str(level.unassigned),
                _duty(level),
                ", ".join(level.requires) or "-",
                _members(level),
            )
            for level in found
        ),
    )


def _duty(level: LevelView) -> str:
    until = f" until {local(level.changes_at)}" if level.changes_at else ""
    return f"{'on' if level.on_duty else 'off'}{until}"


def _members(level: LevelView) -> str:
    members = ", ".join(level.members) or "nobody"
    if level.vendor:
        members += f"; vendor {level.vendor}"
        members += f" ({level.vendor_contact})" if level.vendor_contact else ""
    return members


def _json(level: LevelView) -> dict[str, Any]:
    return {
        "level": level.level,
        "name": level.name,
        "open": level.open,
        "unassigned": level.unassigned,
        "ola_s": level.ola_s,
        "hours": level.hours or None,
        "on_duty": level.on_duty,
        "changes_at": iso(level.changes_at),
        "requires": list(level.requires),
        "members": list(level.members),
        "online": list(level.online),
        "vendor": level.vendor or None,
        "vendor_contact": level.vendor_contact or None,
    }
