"""``helpdesk inbox``: the agent's notices."""

import argparse
from typing import Any

from helpdesk.cli.open_desk import opened_desk, wants_json
from helpdesk.cli.output import iso, local, print_json, print_table
from helpdesk.desk.inbox import inbox
from helpdesk.desk.inbox.inbox import NoticeView


def run(arguments: argparse.Namespace) -> None:
    """List notices, newest first."""
    with opened_desk(arguments) as desk:
        found = inbox.listing(desk, only_unread=not arguments.all, limit=arguments.limit)
        if wants_json(arguments):
            print_json([_json(notice) for notice in found])
        else:
            print_table(
                ("", "AT", "WHAT", "WHO", "ID", "SUBJECT"),
                (
                    (
                        " " if notice.read else "*",
                        local(notice.at),
                        notice.kind.replace("_", " "),
                        notice.actor or "-",
                        notice.ref,
                        notice.subject,
                    )
                    for notice in found
                ),
            )
        if arguments.mark_read:
            inbox.mark_all_read(desk)


def _json(notice: NoticeView) -> dict[str, Any]:
    return {
        "number": notice.number,
        "at": iso(notice.at),
        "kind": notice.kind,
        "id": notice.ref,
        "subject": notice.subject,
        "queue": notice.queue,
        "state": notice.state,
        "actor": notice.actor or None,
        "read": notice.read,
        "data": dict(notice.data),
    }
