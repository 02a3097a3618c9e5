"""``helpdesk import`` and ``helpdesk export``: exchange tickets with other programs."""

import argparse
import csv
import io
import json
import sys
from collections.abc import Iterable
from contextlib import closing
from typing import Any

from helpdesk.cli.changes import changes
from helpdesk.cli.exit_codes import ExitCode
from helpdesk.cli.export_file import ExportFile
from helpdesk.cli.files import destination, path_of
from helpdesk.cli.open_desk import opened_desk, wants_json
from helpdesk.cli.output import print_json, print_text
from helpdesk.cli.output_stream import OutputError
from helpdesk.cli.progress import Progress
from helpdesk.desk.exchange import exporting
from helpdesk.desk.exchange.exporting import ExportedTicket, ExportPurpose
from helpdesk.desk.exchange.import_report import ImportResult, RefusedRow
from helpdesk.desk.exchange.importing import ReadOptions
from helpdesk.desk.exchange.importing import import_file as run_import
from helpdesk.domain.csv_safety import escape_cell
from helpdesk.domain.i18n import _
from helpdesk.domain.query import parse
from helpdesk.domain.ticket import ref
from helpdesk.domain.ticket_fields import TICKET_FIELDS, in_order

#: At most this many refused rows are listed in the JSON document; the others are only counted.
_LISTED_REFUSALS = 10_000
#: At most this many odd rows and unknown names of a kind are printed.
_SHOWN_NOTES, _SHOWN_NAMES = 50, 20


def import_file(arguments: argparse.Namespace) -> int:
    """Import the tickets of a file; the exit code is 1 if a row was refused."""
    refusals: list[RefusedRow] = []
    as_json = wants_json(arguments)

    lost: list[Exception] = []
    working = Progress(_("reading the file") if arguments.dry_run else _("importing"))

    def refused(row: RefusedRow) -> None:
        working.clear()
        if not as_json:
            row_id = f" ({row.source_id})" if row.source_id else ""
            try:
                print_text(f"line {row.line}{row_id}: {row.reason}")
            except (OutputError, BrokenPipeError) as error:
                lost.append(error)  # the import goes on: half of it would help nobody
        elif len(refusals) < _LISTED_REFUSALS:
            refusals.append(row)

    with opened_desk(arguments) as desk, working:
        done = run_import(
            desk,
            path_of(arguments.file),
            arguments.map,
            dry_run=arguments.dry_run,
            reading=ReadOptions(arguments.encoding, arguments.limit, arguments.dates),
            refused=refused,
            progress=lambda totals: working.note(_totals(totals)),
        )
    if done.tickets and not arguments.dry_run:
        changes.add(f"{done.tickets:,} tickets imported")
    if lost:
        raise lost[0]
    if as_json:
        print_json(
            {
                "dry_run": arguments.dry_run,
                "tickets": done.tickets,
                "entries": done.entries,
                "known_already": done.known,
                "refused": done.refused,
                "refused_rows": [_row_json(row) for row in refusals],
                "noted": done.noted,
                "noted_rows": [_row_json(row) for row in done.noted_rows],
                "warnings": list(done.warnings),
                "unknown": {kind: list(names) for kind, names in done.unknown.items()},
            }
        )
    else:
        _print_findings(done, dry_run=arguments.dry_run)
        done_text = "would be imported" if arguments.dry_run else "imported"
        print_text(
            f"{done.tickets:,} tickets {done_text} with {done.entries:,} timeline entries, "
            f"{done.known:,} were here already, {done.refused:,} rows refused."
        )
    if done.refused:
        print(
            f"helpdesk: {done.refused:,} rows were refused; see the lines above.", file=sys.stderr
        )
    if done.is_cut:
        print(
            f"helpdesk: only the first {arguments.limit:,} tickets of {arguments.file} were read: "
            "give a higher --limit for the others.",
            file=sys.stderr,
        )
    return ExitCode.REFUSED if done.refused or done.is_cut else ExitCode.DONE


def _row_json(row: RefusedRow) -> dict[str, Any]:
    return {"line": row.line, "id": row.source_id or None, "reason": row.reason}


def _print_findings(done: ImportResult, *, dry_run: bool) -> None:
    """Print what is odd about the file, and which of its names this desk does not know."""
    for row in done.noted_rows[:_SHOWN_NOTES]:
        print_text(f"line {row.line} ({row.source_id}): {row.reason}")
    if done.noted > _SHOWN_NOTES:
        print_text(
            _("… and more: something is odd about {count} tickets.").format(count=f"{done.noted:,}")
        )
    titles = {
        "agents": _("Agents who are not on this desk, kept by their names there"),
        "groups": _("Groups without a level in [values.queue]"),
        "people": _("People who would be added") if dry_run else _("People who were added"),
        "customers": (
            _("Customers who would be added") if dry_run else _("Customers who were added")
        ),
        "services": (
            _("Services that would be added") if dry_run else _("Services that were added")
        ),
    }
    for kind, title in titles.items():
        names = done.unknown.get(kind, ())
        if names:
            more = ", …" if len(names) > _SHOWN_NAMES else ""
            shown = ", ".join(names[:_SHOWN_NAMES])
            print_text(f"{title} ({len(names):,}): {shown}{more}")
    for warning in done.warnings:
        print_text(_("Warning: {text}").format(text=warning))


def _totals(done: ImportResult) -> str:
    return f"{done.tickets:,} imported, {done.known:,} known, {done.refused:,} refused"


_TICKET_COLUMNS = in_order(
    (
        *("id", "requester_name", "responded_at", "sla_first_response", "sla_resolution"),
        *("articles", "source", "source_id", "body", "requester_phone", "further_requesters"),
        *(field.name for field in TICKET_FIELDS if field.in_export),
    ),
    *("id", "subject", "kind", "state", "waiting_on", "queue", "priority", "impact", "urgency"),
    *("channel", "service", "customer", "requester", "requester_name", "assignee", "created_at"),
    *("updated_at", "responded_at", "resolved_at", "closed_at", "hand_overs", "reopenings"),
    *("sla_first_response", "sla_resolution", "csat", "articles", "source", "source_id", "body"),
    *("requester_phone", "callback", "further_requesters"),
)
_EVENT_COLUMNS = ("ticket", "at", "actor", "type", "public", "text", "data")
_OWN_COLUMNS = {"at", "actor", "type", "public", "text"}


def export_tickets(arguments: argparse.Namespace) -> None:
    """Write tickets, in JSON with their history."""
    _export(arguments, "tickets")


def export_events(arguments: argparse.Namespace) -> None:
    """Write the timelines of tickets, one entry a line."""
    _export(arguments, "events")


def _export(arguments: argparse.Namespace, what: str) -> None:
    form = "json" if wants_json(arguments) else arguments.format
    query = None if arguments.query is None else parse(arguments.query)
    of = {"what": what, "format": form, "query": arguments.query}
    purpose = ExportPurpose(
        f"{what} as {form}", arguments.query or "", destination(arguments.output)
    )
    shown = arguments.output not in (None, "-") or not sys.stdout.isatty()
    working = Progress(_("exporting"), shown=shown)
    with opened_desk(arguments) as desk:
        exporting.require_allowed(desk)
        with ExportFile(arguments.output, of) as out, working:
            has_content = out.after > 0
            if not has_content:
                out.write(_head(form, what))
            with_events = what == "events" or form != "csv"
            tickets = exporting.tickets(desk, query, out.after, purpose, with_events=with_events)
            with closing(tickets) as chunks:
                for chunk in chunks:
                    has_content = _write_chunk(out, chunk, what, form, has_content=has_content)
                    working.note(ref(chunk[-1].number))
            out.write("\n]\n" if form == "json" else "")


def _write_chunk(
    out: ExportFile, chunk: list[ExportedTicket], what: str, form: str, *, has_content: bool
) -> bool:
    """Write tickets; return whether anything but the head was written by now."""
    if form == "csv":
        out.write(_csv_lines(_csv_rows(chunk, what)))
    else:
        for document in _documents(chunk, what):
            out.write((",\n" if has_content and form == "json" else "") + _dump(document))
            out.write("\n" if form == "jsonl" else "")
            has_content = True
    out.reached(chunk[-1].number)
    return has_content


def _head(form: str, what: str) -> str:
    if form == "csv":
        return _csv_lines([_TICKET_COLUMNS if what == "tickets" else _EVENT_COLUMNS])
    return "[\n" if form == "json" else ""


def _documents(chunk: Iterable[ExportedTicket], what: str) -> Iterable[dict[str, Any]]:
    for ticket in chunk:
        if what == "tickets":
            yield {**ticket.facts, "events": ticket.events}
        else:
            yield from ({"ticket": ticket.facts["id"], **event} for event in ticket.events)


def _csv_rows(chunk: Iterable[ExportedTicket], what: str) -> Iterable[tuple[str, ...]]:
    for ticket in chunk:
        if what == "tickets":
            yield tuple(_cell(ticket.facts[name]) for name in _TICKET_COLUMNS)
            continue
        for event in ticket.events:
            data = {key: value for key, value in event.items() if key not in _OWN_COLUMNS}
            shown = (event[name] for name in ("at", "actor", "type", "public", "text"))
            cells = (ticket.facts["id"], *shown, _dump(data))
            yield tuple(_cell(value) for value in cells)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        value = " ".join(value)
    return str(value) if isinstance(value, int) else escape_cell(str(value))


def _csv_lines(rows: Iterable[tuple[str, ...]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _dump(document: Any) -> str:
    # Non-ASCII text is escaped, so it cannot control the terminal.
    return json.dumps(document, ensure_ascii=True)
