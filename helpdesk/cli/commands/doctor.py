"""``helpdesk doctor``: what is wrong with this installation, and the command that mends it."""

import argparse
import dataclasses
from pathlib import Path

from helpdesk.cli.exit_codes import ExitCode
from helpdesk.cli.open_desk import wants_json
from helpdesk.cli.output import print_json, print_text
from helpdesk.cli.settings import settings_of
from helpdesk.desk.administration.doctor import examine
from helpdesk.desk.session import system_login
from helpdesk.ssh.sshd import block


def run(arguments: argparse.Namespace) -> int:
    """Print what was found; refused (1) if anything is wrong."""
    if arguments.sshd:
        print_text(block(system_login()).rstrip("\n"))
        return ExitCode.DONE
    config = Path(arguments.sshd_config) if arguments.sshd_config else None
    found = examine(settings_of(arguments), config)
    wrong = [one for one in found if one.wrong]
    if wants_json(arguments):
        print_json([{**dataclasses.asdict(one), "ok": not one.wrong} for one in found])
    else:
        for one in found:
            print_text(f"{'▲' if one.wrong else '✓'} {one.check}: {one.wrong or one.found}")
            if one.mend:
                print_text(f"    {one.mend}")
        print_text("all is well." if not wrong else f"{len(wrong)} things to mend.")
    return ExitCode.REFUSED if wrong else ExitCode.DONE
