"""``helpdesk inbox``: the agent's notices."""

import argparse
from typing import Any

from helpdesk.cli.open_desk import opened_desk, wants_json
from helpdesk.cli.output import iso, local, print_json, print_table
from helpdesk.desk.inbox import inbox
from helpdesk.desk.inbox.inbox import NoticeView
from helpdesk.domain.notices import NoticeKind
from helpdesk.domain.sla.clock import clock_title


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
                        _what(notice),
                        notice.actor or "-",
                        notice.ref,
                        notice.subject,
                    )
                    for notice in found
                ),
            )
        if arguments.mark_read:
            inbox.mark_all_read(desk)


def _what(notice: NoticeView) -> str:
    """Return what the notice is about: ``breached: first response``, ``handed over``."""
    words = notice.kind.replace("_", " ")
    if notice.kind not in (NoticeKind.WARNED, NoticeKind.BREACHED):
        return words
    clock = clock_title(str(notice.data.get("clock", "")), str(notice.data.get("level", "")))
    used = f", {notice.data.get('percent')} %" if notice.kind is NoticeKind.WARNED else ""
    return f"{words}: {clock}{used}"


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
