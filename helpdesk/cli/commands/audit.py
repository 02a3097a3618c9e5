"""``helpdesk report audit``: who changed what, and what was refused."""

import argparse
import json
import sys
from pathlib import Path

from helpdesk.cli.exit_codes import ExitCode
from helpdesk.cli.open_desk import open_door, wants_json
from helpdesk.cli.output import iso, local, print_json, print_table, print_text
from helpdesk.desk import audit
from helpdesk.domain.errors import RefusedError


def report(arguments: argparse.Namespace) -> int:
    """Print the newest records; or put an anchor down, or prove the trail against some."""
    if arguments.anchor:
        return _anchor(arguments)
    if arguments.check_anchors is not None:
        return _check(arguments)
    with open_door(arguments) as desk:
        records = audit.trail(desk, arguments.limit, arguments.agent, refused=arguments.refused)
    if wants_json(arguments):
        print_json(
            [
                {
                    "seq": one.seq,
                    "at": iso(one.at),
                    "login": one.who.login,
                    "address": one.who.address,
                    "key": one.who.key,
                    "host": one.who.host,
                    "did": one.did,
                    "what": json.loads(one.what),
                    "sha256": one.digest,
                }
                for one in records
            ]
        )
        return ExitCode.DONE
    print_table(
        ("NO", "AT", "WHO", "FROM", "KEY", "DID"),
        (
            (
                *(str(one.seq), local(one.at), one.who.login or "-"),
                *(one.who.address or one.who.host, one.who.key[:15] or "-", one.did),
            )
            for one in records
        ),
        last_width=100,
    )
    return ExitCode.DONE


def _anchor(arguments: argparse.Namespace) -> int:
    with open_door(arguments) as desk:
        anchor, where = audit.put_anchor(desk)
    if wants_json(arguments):
        print_json(
            {"seq": anchor.seq, "sha256": anchor.digest, "at": iso(anchor.at), "written_to": where}
        )
    elif not where:
        print_text(anchor.line())
    return ExitCode.DONE


def _check(arguments: argparse.Namespace) -> int:
    name = arguments.check_anchors
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise RefusedError(
            f"{name} cannot be read ({error.strerror}): name a file with anchors."
        ) from error
    with open_door(arguments) as desk:
        count, faults = audit.check_anchors(desk, raw.decode("utf-8", "replace").splitlines())
        faults = (*faults, *audit.faults(desk))
    if wants_json(arguments):
        print_json({"anchors": count, "faults": list(faults)})
    else:
        for fault in faults:
            print_text(fault)
        print_text(f"{count} anchors, {len(faults)} faults.")
    return ExitCode.REFUSED if faults else ExitCode.DONE
