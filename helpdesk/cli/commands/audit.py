"""``helpdesk report audit``: who changed what, and what was refused."""

import argparse
from datetime import datetime

from helpdesk.cli.commands.report import period_of
from helpdesk.cli.exit_codes import ExitCode
from helpdesk.cli.files import read_bytes
from helpdesk.cli.open_desk import opened_desk, wants_json
from helpdesk.cli.output import iso, local, print_json, print_table, print_text
from helpdesk.cli.progress import Progress
from helpdesk.desk import audit
from helpdesk.domain.audit_words import in_words
from helpdesk.domain.i18n import _, n_
from helpdesk.domain.ticket import parse_ref

#: The maximum size of a file of anchors in bytes: enough for one each minute for a year.
_SIZE_LIMIT = 64 * 1024 * 1024
_HOW_ANCHORS_COME = (
    "let 'helpdesk report audit --anchor' write one each day to a place that nobody on the desk "
    "can change (helpdesk manual audit)."
)


def report(arguments: argparse.Namespace) -> int:
    """Print the newest records, write an anchor, or verify the trail against anchors."""
    if arguments.anchor:
        return _anchor(arguments)
    if arguments.check_anchors is not None:
        return _check(arguments)
    with opened_desk(arguments) as desk:
        records = audit.trail(
            desk,
            arguments.limit,
            arguments.agent,
            refused=arguments.refused,
            between=_between(arguments, desk.now()),
            ticket=parse_ref(arguments.ticket) if arguments.ticket else None,
        )
        details = [audit.details(desk, record) for record in records if wants_json(arguments)]
    if wants_json(arguments):
        print_json(
            [
                {
                    "seq": record.seq,
                    "at": iso(record.at),
                    "login": record.who.login,
                    "address": record.who.address,
                    "key": record.who.key,
                    "host": record.who.host,
                    "did": record.did,
                    "words": in_words(record.did),
                    "what": what,
                    "sha256": record.digest,
                }
                for record, what in zip(records, details, strict=True)
            ]
        )
        return ExitCode.DONE
    print_table(
        ("NO", "AT", "WHO", "FROM", "KEY", "DID"),
        (
            (
                *(str(record.seq), local(record.at), record.who.login or "-"),
                *(record.who.address or record.who.host, record.who.key[:15] or "-"),
                in_words(record.did),
            )
            for record in records
        ),
        last_width=100,
    )
    return ExitCode.DONE


def _between(arguments: argparse.Namespace, now: datetime) -> tuple[datetime, datetime] | None:
    """Return the period that the arguments name, or None for all time."""
    if not any((arguments.since, arguments.until, arguments.last, arguments.month)):
        return None
    period = period_of(arguments, now)
    return period.start, period.end


def _anchor(arguments: argparse.Namespace) -> int:
    with opened_desk(arguments) as desk:
        anchor, where = audit.write_anchor(desk)
    if wants_json(arguments):
        print_json(
            {"seq": anchor.seq, "sha256": anchor.digest, "at": iso(anchor.at), "written_to": where}
        )
    elif not where:
        print_text(anchor.line())
    return ExitCode.DONE


def _check(arguments: argparse.Namespace) -> int:
    raw = read_bytes(arguments.check_anchors, _SIZE_LIMIT, "name a file with anchors")
    with opened_desk(arguments) as desk, Progress(_("verifying the audit trail")):
        count, faults = audit.check_anchors(desk, raw.decode("utf-8-sig", "replace").splitlines())
        faults = (*faults, *audit.faults(desk))
    if not count:
        faults = (f"{arguments.check_anchors} holds no anchor: {_HOW_ANCHORS_COME}", *faults)
    if wants_json(arguments):
        print_json({"anchors": count, "faults": list(faults)})
    else:
        for fault in faults:
            print_text(fault)
        print_text(
            ", ".join(
                (
                    n_("{n} anchor", "{n} anchors", count).format(n=count),
                    n_("{n} fault.", "{n} faults.", len(faults)).format(n=len(faults)),
                )
            )
        )
    return ExitCode.REFUSED if faults else ExitCode.DONE
