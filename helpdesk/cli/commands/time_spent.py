"""``helpdesk ticket time`` and ``helpdesk report time``: time spent on tickets."""

import argparse
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from helpdesk.cli.commands.report import period_of
from helpdesk.cli.open_desk import open_door, text_of, wants_json
from helpdesk.cli.output import iso, local, print_json, print_table, print_text
from helpdesk.desk.report.time_spent import CustomerTime, time_report
from helpdesk.desk.session import Desk
from helpdesk.desk.time_spent import entries
from helpdesk.desk.time_spent.entries import Spent
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.ticket import parse_ref, ref
from helpdesk.domain.time_spent import minutes_text


def on_ticket(arguments: argparse.Namespace) -> None:
    """Record time on a ticket, run the timer, or list what was recorded."""
    number = parse_ref(arguments.id)
    chosen = _chosen(arguments)
    with open_door(arguments) as desk:
        _act(desk, arguments, number, chosen)
        found = entries.entries(desk, number)
        timer = entries.running(desk)
    started_at = timer.started_at if timer is not None and timer.number == number else None
    if wants_json(arguments):
        print_json(_ticket_json(number, found, started_at))
    else:
        _print_ticket(number, found, started_at)


def _chosen(arguments: argparse.Namespace) -> str:
    """Return the one thing that is to be done; "" to list only."""
    names = ("spent", "start", "stop", "drop", "correct")
    chosen = [name for name in names if getattr(arguments, name) not in (None, False)]
    if len(chosen) > 1:
        raise RefusedError(f"{' and '.join(chosen)} do not go together: name one.")
    return chosen[0] if chosen else ""


def _sums(found: Sequence[Spent]) -> tuple[int, int]:
    """Return the minutes of these entries, and how many of them are billable."""
    return (
        sum(one.minutes for one in found),
        sum(one.minutes for one in found if one.billable),
    )


def _ticket_json(
    number: int, found: Sequence[Spent], started_at: datetime | None
) -> dict[str, Any]:
    minutes, billable = _sums(found)
    return {
        "id": ref(number),
        "minutes": minutes,
        "billable_minutes": billable,
        "timer_started_at": iso(started_at),
        "entries": [_entry_json(one) for one in found],
    }


def _print_ticket(number: int, found: Sequence[Spent], started_at: datetime | None) -> None:
    minutes, billable = map(minutes_text, _sums(found))
    print_text(f"{ref(number)}: {minutes}, {billable} of it billable")
    if started_at is not None:
        print_text(f"your timer runs since {local(started_at)}")
    print_table(("ENTRY", "AT", "WHO", "TIME", "", "NOTE"), map(_entry_cells, found))


def _entry_cells(one: Spent) -> tuple[str, ...]:
    return (
        *(str(one.number), local(one.at), one.agent, minutes_text(one.minutes)),
        "" if one.billable else "not billable",
        f"takes {one.corrects} back  {one.note}" if one.corrects else one.note,
    )


def _act(desk: Desk, arguments: argparse.Namespace, number: int, chosen: str) -> None:
    note, billable = text_of(arguments.note), not arguments.not_billable
    if chosen == "spent":
        entries.spend(desk, number, arguments.spent, note, billable=billable)
    elif chosen == "start":
        entries.start(desk, number)
    elif chosen == "correct":
        entries.correct(desk, number, arguments.correct, note)
    elif chosen:
        timer = entries.running(desk)
        if timer is None or timer.number != number:
            raise RefusedError(f"no timer of yours is running on {ref(number)}.")
        if chosen == "stop":
            entries.stop(desk, note, billable=billable)
        else:
            entries.drop(desk)


def _entry_json(one: Spent) -> dict[str, Any]:
    return {
        "entry": one.number,
        "at": iso(one.at),
        "agent": one.agent,
        "minutes": one.minutes,
        "billable": one.billable,
        "note": one.note,
        "corrects": one.corrects,
        "corrected": one.corrected,
    }


def report(arguments: argparse.Namespace) -> None:
    """Print time spent and tickets logged per customer."""
    with open_door(arguments) as desk:
        period = period_of(arguments, desk.now())
        rows = time_report(desk, period.start, period.end, arguments.customer)
    if wants_json(arguments):
        print_json(
            {
                "from": iso(period.start),
                "to": iso(period.end),
                "customers": [_customer_json(one) for one in rows],
            }
        )
        return
    print_text(f"time spent, {period.label}: {local(period.start)} to {local(period.end)}")
    print_table(
        ("CUSTOMER", "PRICE", "TICKETS", "TIME", "BILLABLE", "FTE", "IN THE TERMS OF THE CONTRACT"),
        (
            (
                *(one.customer or "(none)", one.price_model or "-", str(one.tickets)),
                *(minutes_text(one.minutes), minutes_text(one.billable), f"{one.fte:.2f}"),
                "; ".join(_terms(one)) or "-",
            )
            for one in rows
        ),
    )


def _terms(one: CustomerTime) -> Iterator[str]:
    if one.price_model == "per ticket":
        yield f"{one.tickets} tickets to bill"
    elif one.price_model == "per hour":
        yield f"{minutes_text(one.billable)} to bill"
    if one.team_size is not None:
        yield f"{one.fte:.2f} of {one.team_size} agents"
    if one.bucket is not None:
        left = one.bucket.left_m
        rest = f"{minutes_text(left)} left" if left >= 0 else f"{minutes_text(-left)} over"
        yield (
            f"{one.bucket.label}: {minutes_text(one.bucket.used_m)} of "
            f"{minutes_text(one.bucket.bought_m)}, {rest}"
        )


def _customer_json(one: CustomerTime) -> dict[str, Any]:
    bucket = one.bucket
    return {
        "customer": one.customer or None,
        "price_model": one.price_model or None,
        "tickets": one.tickets,
        "tickets_worked_on": one.worked_on,
        "minutes": one.minutes,
        "billable_minutes": one.billable,
        "fte": one.fte,
        "team_size": one.team_size,
        "bucket": None
        if bucket is None
        else {
            "label": bucket.label,
            "bought_minutes": bucket.bought_m,
            "used_minutes": bucket.used_m,
            "left_minutes": bucket.left_m,
        },
        "agents": [{"agent": login, "minutes": minutes} for login, minutes in one.agents],
    }
