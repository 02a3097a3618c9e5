"""Whole exports of other programs, made as their documentation says: figures equal the file's."""

import csv
import io
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from helpdesk.desk import scheduler
from helpdesk.desk.administration import integrity
from helpdesk.desk.exchange.importing import import_file
from helpdesk.desk.session import Desk
from helpdesk.domain.sla.clock import ClockName
from helpdesk.store.models import Notice, Ticket, TicketClock
from tests.conftest import StillClock

_TICKETS = 80
_START = datetime(2024, 1, 1, 8, tzinfo=UTC)


@dataclass
class Made:
    """A made ticket, and the figures that its export holds."""

    number: int
    state: str
    created: datetime
    answered: datetime | None
    resolved: datetime | None
    kept: bool | None
    reopened: int


@dataclass
class Figures:
    """What is compared between a file and the desk."""

    states: Counter[str] = field(default_factory=Counter)
    answered: dict[str, datetime] = field(default_factory=dict)
    resolved: dict[str, datetime] = field(default_factory=dict)
    outcomes: Counter[bool] = field(default_factory=Counter)
    reopened: int = 0


def made_tickets(seed: int, *, counts_reopenings: bool, knows_outcomes: bool) -> Iterator[Made]:
    """Yield tickets of all states, answered and not, early and late."""
    dice = random.Random(seed)
    for number in range(1, _TICKETS + 1):
        state = dice.choice(["open", "pending", "resolved", "closed"])
        created = _START + timedelta(minutes=dice.randrange(200_000))
        answered = created + timedelta(minutes=dice.randrange(1, 600))
        resolved = answered + timedelta(minutes=dice.randrange(1, 9_000))
        over = state in ("resolved", "closed")
        yield Made(
            number,
            state,
            created,
            answered if over or dice.random() < 0.5 else None,
            resolved if over else None,
            dice.choice([True, False]) if over and knows_outcomes else None,
            dice.randrange(3) if counts_reopenings else 0,
        )


def _iso(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def zendesk(tickets: list[Made]) -> str:
    """Write JSON lines as the account's export does."""
    words = {"open": "open", "pending": "hold", "resolved": "solved", "closed": "closed"}
    lines = []
    for one in tickets:
        last = one.resolved or one.answered or one.created
        texts = [(1, one.created, "asked"), (1, one.created + timedelta(seconds=30), "hello?")]
        if one.answered:
            texts.append((9, one.answered, "answered"))
        lines.append(
            {
                "id": one.number,
                "subject": f"ticket {one.number}",
                "status": words[one.state],
                "requester_id": 1,
                "requester": {"name": "Mara", "email": "mara@contoso.example"},
                "created_at": _iso(one.created),
                "updated_at": _iso(last),
                "metric_set": {"reopens": one.reopened, "solved_at": _iso(one.resolved)},
                "comments": [
                    {"author_id": who, "body": text, "public": True, "created_at": _iso(at)}
                    for who, at, text in texts
                ],
            }
        )
    return "\n".join(json.dumps(line) for line in lines)


def zammad(tickets: list[Made]) -> str:
    """Write the array of the API, with a trigger's answer to each ticket."""
    words = {
        "open": "open", "pending": "pending reminder", "resolved": "pending close",
        "closed": "closed",
    }  # fmt: skip
    rows: list[dict[str, Any]] = []
    for one in tickets:
        left = None if one.kept is None else (5 if one.kept else -5)
        rows.append(
            {
                "number": str(one.number),
                "title": f"ticket {one.number}",
                "state": words[one.state],
                "group": "Users",
                "customer": "mara@contoso.example",
                "created_at": _iso(one.created),
                "updated_at": _iso(one.resolved or one.answered or one.created),
                "first_response_at": _iso(one.answered),
                "close_at": _iso(one.resolved),
                "close_diff_in_min": left,
                "articles": [
                    {"from": "Mara", "sender": "Customer", "body": "asked", "internal": False,
                     "created_at": _iso(one.created)},
                    {"from": "Help desk", "sender": "System", "body": "received",
                     "internal": False, "created_at": _iso(one.created)},
                ],
            }
        )  # fmt: skip
    return json.dumps(rows)


def freshdesk(tickets: list[Made]) -> str:
    """Write the CSV of the ticket list's export, with semicolons as a German spreadsheet does."""
    out = io.StringIO()
    heads = [
        "Ticket ID", "Subject", "Status", "Priority", "Group", "Created time", "Last update time",
        "Initial response time", "Resolved time", "Closed time", "Resolution status", "Email",
    ]  # fmt: skip
    rows = csv.writer(out, delimiter=";")
    rows.writerow(heads)
    words = {True: "Within SLA", False: "SLA Violated", None: ""}
    states = {"pending": "Waiting on Third Party"}
    for one in tickets:
        times = (one.created, one.resolved or one.answered or one.created, one.answered,
                 one.resolved, one.resolved if one.state == "closed" else None)  # fmt: skip
        shown = [at.strftime("%Y-%m-%d %H:%M:%S") if at else "" for at in times]
        rows.writerow(
            [one.number, f"ticket {one.number}", states.get(one.state, one.state.title()),
             "Medium", "Users", *shown, words[one.kept], "mara@contoso.example"]
        )  # fmt: skip
    return out.getvalue()


def figures_of_file(tickets: list[Made]) -> Figures:
    """Return the figures of a file."""
    found = Figures()
    for one in tickets:
        found.states[one.state] += 1
        found.reopened += one.reopened
        if one.answered:
            found.answered[f"ticket {one.number}"] = one.answered
        if one.resolved:
            found.resolved[f"ticket {one.number}"] = one.resolved
        if one.kept is not None:
            found.outcomes[one.kept] += 1
    return found


def figures_of_desk(desk: Desk, *, knows_outcomes: bool) -> Figures:
    """Return the figures of a desk."""
    found = Figures()
    with desk.database.read() as session:
        tickets = {one.id: one for one in session.scalars(select(Ticket))}
        clocks = list(session.scalars(select(TicketClock)))
    for one in tickets.values():
        found.states[one.state] += 1
        found.reopened += one.reopenings
        if one.resolved_at:
            found.resolved[one.subject] = one.resolved_at
    for clock in clocks:
        ticket = tickets[clock.ticket_id]
        if clock.name == ClockName.FIRST_RESPONSE and clock.met_at:
            found.answered[ticket.subject] = clock.met_at
        if clock.name == ClockName.RESOLUTION and clock.met_at and knows_outcomes:
            found.outcomes[clock.breached_at is None] += 1
    return found


@pytest.mark.parametrize(
    ("mapping", "write", "knows_outcomes", "counts_reopenings"),
    [
        ("zendesk", zendesk, False, True),
        ("zammad", zammad, True, False),
        ("freshdesk", freshdesk, True, False),
    ],
)
def test_the_figures_of_a_whole_export_are_those_of_the_desk(
    desk: Desk,
    tmp_path: Path,
    clock: StillClock,
    mapping: str,
    write: Callable[[list[Made]], str],
    *,
    knows_outcomes: bool,
    counts_reopenings: bool,
) -> None:
    made = list(made_tickets(7, counts_reopenings=counts_reopenings, knows_outcomes=knows_outcomes))
    file = tmp_path / "export"
    file.write_text(write(made), encoding="utf-8")
    done = import_file(desk, file, mapping)
    assert (done.tickets, done.refused, done.noted, done.warnings) == (_TICKETS, 0, 0, ())
    expected = figures_of_file(made)
    assert figures_of_desk(desk, knows_outcomes=knows_outcomes) == expected
    clock.advance(seconds=1)
    scheduler.catch_up(desk)
    after = figures_of_desk(desk, knows_outcomes=knows_outcomes)
    # What was resolved long ago is closed now; nothing else changes.
    assert (after.answered, after.resolved, after.outcomes) == (
        expected.answered,
        expected.resolved,
        expected.outcomes,
    )
    with desk.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Notice)) == 0
    assert [one for one in integrity.check_all(desk) if one.problems] == []
