"""``helpdesk doctor``: check this installation, and name the command that fixes each problem."""

import argparse
import dataclasses
from pathlib import Path

from helpdesk.cli.changes import changes
from helpdesk.cli.exit_codes import ExitCode
from helpdesk.cli.open_desk import opened_desk, wants_json
from helpdesk.cli.output import iso, print_json, print_text
from helpdesk.cli.progress import Progress
from helpdesk.cli.settings import settings_of
from helpdesk.desk import session
from helpdesk.desk.administration.doctor import confirm_clock, examine
from helpdesk.domain.i18n import _, n_
from helpdesk.ssh.sshd import recommended_settings


def run(arguments: argparse.Namespace) -> int:
    """Print the findings; the exit code is 1 (refused) if anything is wrong."""
    if arguments.sshd:
        print_text(recommended_settings(session.system_login()).rstrip("\n"))
        return ExitCode.DONE
    if arguments.clock_is_right:
        with opened_desk(arguments) as desk:
            at = confirm_clock(desk)
        changes.add("")
        if wants_json(arguments):
            print_json({"clock": iso(at), "confirmed": True})
        else:
            print_text(f"the host's clock is taken as right: {at:%Y-%m-%d %H:%M:%S} UTC.")
        return ExitCode.DONE
    config = Path(arguments.sshd_config) if arguments.sshd_config else None
    with Progress(_("examining the installation")):
        found = examine(settings_of(arguments), config)
    wrong = [finding for finding in found if finding.wrong]
    if wants_json(arguments):
        print_json([{**dataclasses.asdict(finding), "ok": not finding.wrong} for finding in found])
    else:
        for finding in found:
            mark = "▲" if finding.wrong else "✓"
            print_text(f"{mark} {finding.check}: {finding.wrong or finding.found}")
            if finding.mend:
                print_text(f"    {finding.mend}")
        to_fix = n_("{n} thing to fix.", "{n} things to fix.", len(wrong)).format(n=len(wrong))
        print_text(to_fix if wrong else _("all is well."))
    return ExitCode.REFUSED if wrong else ExitCode.DONE
