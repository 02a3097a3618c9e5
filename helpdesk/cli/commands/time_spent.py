"""``helpdesk ticket time`` and ``helpdesk report time``: time spent on tickets."""

import argparse
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from helpdesk.cli.commands.report import period_of
from helpdesk.cli.files import text_of
from helpdesk.cli.open_desk import opened_desk, wants_json
from helpdesk.cli.output import iso, local, print_json, print_table, print_text
from helpdesk.desk.report.time_spent import CustomerTime, time_report
from helpdesk.desk.session import Desk
from helpdesk.desk.time_spent import entries
from helpdesk.desk.time_spent.entries import TimeEntryView
from helpdesk.domain import desk_zone
from helpdesk.domain.desk_zone import span_text
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import n_
from helpdesk.domain.ticket import parse_ref, ref
from helpdesk.domain.time_spent import minutes_text


def on_ticket(arguments: argparse.Namespace) -> None:
    """Record time on a ticket, run the timer, or list what was recorded."""
    number = parse_ref(arguments.id)
    chosen = _chosen(arguments)
    with opened_desk(arguments) as desk:
        _act(desk, arguments, number, chosen)
        found = entries.entries(desk, number)
        timer = entries.running(desk)
    started_at = timer.started_at if timer is not None and timer.number == number else None
    if wants_json(arguments):
        print_json(_ticket_json(number, found, started_at))
    else:
        _print_ticket(number, found, started_at)


def _chosen(arguments: argparse.Namespace) -> str:
    """Return the name of the option that says what to do; "" to only list the entries."""
    names = ("spent", "start", "stop", "drop", "correct")
    chosen = [name for name in names if getattr(arguments, name) not in (None, False)]
    if len(chosen) > 1:
        raise RefusedError(f"{' and '.join(chosen)} do not go together: name one.")
    return chosen[0] if chosen else ""


def _sums(found: Sequence[TimeEntryView]) -> tuple[int, int]:
    """Return (all minutes, billable minutes) of these entries."""
    return (
        sum(entry.minutes for entry in found),
        sum(entry.minutes for entry in found if entry.billable),
    )


def _ticket_json(
    number: int, found: Sequence[TimeEntryView], started_at: datetime | None
) -> dict[str, Any]:
    minutes, billable = _sums(found)
    return {
        "id": ref(number),
        "minutes": minutes,
        "billable_minutes": billable,
        "timer_started_at": iso(started_at),
        "entries": [_entry_json(entry) for entry in found],
    }


def _print_ticket(number: int, found: Sequence[TimeEntryView], started_at: datetime | None) -> None:
    minutes, billable = map(minutes_text, _sums(found))
    print_text(f"{ref(number)}: {minutes}, {billable} of it billable")
    if started_at is not None:
        print_text(f"your timer runs since {local(started_at)}")
    print_table(("ENTRY", "AT", "WHO", "TIME", "", "NOTE"), map(_entry_cells, found))


def _entry_cells(entry: TimeEntryView) -> tuple[str, ...]:
    return (
        *(str(entry.number), local(entry.at), entry.agent, minutes_text(entry.minutes)),
        "" if entry.billable else "not billable",
        f"cancels {entry.corrects}  {entry.note}" if entry.corrects else entry.note,
    )


def _act(desk: Desk, arguments: argparse.Namespace, number: int, chosen: str) -> None:
    note, billable = text_of(arguments.note), not arguments.not_billable
    if chosen == "spent":
        entries.record_time(desk, number, arguments.spent, note, billable=billable)
    elif chosen == "start":
        entries.start(desk, number)
    elif chosen == "correct":
        entries.correct(desk, number, arguments.correct, note)
    elif chosen:
        timer = entries.running(desk)
        if timer is None or timer.number != number:
            raise RefusedError(
                f"no timer of yours is running on {ref(number)}: --start starts one."
            )
        if chosen == "stop":
            entries.stop(desk, note, billable=billable)
        else:
            entries.discard_timer(desk)


def _entry_json(entry: TimeEntryView) -> dict[str, Any]:
    return {
        "entry": entry.number,
        "at": iso(entry.at),
        "agent": entry.agent,
        "minutes": entry.minutes,
        "billable": entry.billable,
        "note": entry.note,
        "corrects": entry.corrects,
        "corrected": entry.corrected,
    }


def report(arguments: argparse.Namespace) -> None:
    """Print time spent and tickets logged per customer."""
    with opened_desk(arguments) as desk:
        period = period_of(arguments, desk.now())
        rows = time_report(desk, period.start, period.end, arguments.customer)
    if wants_json(arguments):
        print_json(
            {
                "from": iso(period.start),
                "to": iso(period.end),
                "timezone": desk_zone.name(),
                "customers": [_customer_json(row) for row in rows],
            }
        )
        return
    print_text(f"time spent, {period.label}: {span_text(period.start, period.end)}")
    print_table(
        ("CUSTOMER", "PRICE", "TICKETS", "TIME", "BILLABLE", "FTE", "IN THE TERMS OF THE CONTRACT"),
        (
            (
                *(row.customer or "(none)", row.price_model or "-", str(row.tickets)),
                *(minutes_text(row.minutes), minutes_text(row.billable), f"{row.fte:.2f}"),
                "; ".join(_terms(row)) or "-",
            )
            for row in rows
        ),
    )


def _terms(row: CustomerTime) -> Iterator[str]:
    if row.price_model == "per ticket":
        yield n_("{n} ticket to bill", "{n} tickets to bill", row.tickets).format(n=row.tickets)
    elif row.price_model == "per hour":
        yield f"{minutes_text(row.billable)} to bill"
    if row.team_size is not None:
        agents = n_("{fte:.2f} of {n} agent", "{fte:.2f} of {n} agents", row.team_size)
        yield agents.format(fte=row.fte, n=row.team_size)
    if row.bucket is not None:
        left = row.bucket.left_m
        rest = f"{minutes_text(left)} left" if left >= 0 else f"{minutes_text(-left)} over"
        yield (
            f"{row.bucket.label}: {minutes_text(row.bucket.used_m)} of "
            f"{minutes_text(row.bucket.bought_m)}, {rest}"
        )


def _customer_json(row: CustomerTime) -> dict[str, Any]:
    bucket = row.bucket
    return {
        "customer": row.customer or None,
        "price_model": row.price_model or None,
        "tickets": row.tickets,
        "tickets_worked_on": row.worked_on,
        "minutes": row.minutes,
        "billable_minutes": row.billable,
        "fte": row.fte,
        "team_size": row.team_size,
        "bucket": None
        if bucket is None
        else {
            "label": bucket.label,
            "bought_minutes": bucket.bought_m,
            "used_minutes": bucket.used_m,
            "left_minutes": bucket.left_m,
        },
        "agents": [{"agent": login, "minutes": minutes} for login, minutes in row.agents],
    }
