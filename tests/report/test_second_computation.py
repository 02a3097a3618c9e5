"""The KPIs of a demo desk against an independent computation from the timelines alone.

It uses neither the table of clocks nor the SQL and the formulas of reports; it reads what a person
sees in ``ticket show``.
"""

import math
import statistics
from datetime import datetime

import pytest

from helpdesk.desk.demo.fill import fill
from helpdesk.desk.report import kpi_report
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import show_ticket
from helpdesk.desk.ticket.views import EventView, TicketView
from helpdesk.report import period
from helpdesk.report.period import ReportPeriod

_DONE = ("resolved",)
_COUNT = 240


@pytest.fixture
def made(desk: Desk) -> Desk:
    """A desk with generated tickets."""
    fill(desk, _COUNT, 11, desk.now())
    return desk


def _first(ticket: TicketView, *types: str) -> datetime | None:
    return next((event.at for event in ticket.events if event.type in types), None)


def _count(ticket: TicketView, *types: str) -> int:
    return sum(event.type in types for event in ticket.events)


def _breached(ticket: TicketView, clock: str) -> bool:
    return any(event.type == "breached" and event.data["clock"] == clock for event in ticket.events)


def _due(
    every: list[TicketView], clock: str, span: ReportPeriod, now: datetime
) -> list[TicketView]:
    """Return the tickets on which a clock was due in the period and before now."""
    return [
        one for one in every for shown in one.clocks
        if shown.name == clock and (due := shown.due_at or shown.breached_at) is not None
        and span.start <= due < min(span.end, now)
    ]  # fmt: skip


def _promised(ticket: TicketView, clock: str) -> bool:
    promises = [event.data["promise"] for event in ticket.events if "promise" in event.data]
    last = promises[-1]
    assert isinstance(last, dict)
    return last[f"{clock}_s"] is not None


def _responses(ticket: TicketView) -> tuple[str, ...]:
    """Return what responds to a ticket: taking it, too, if nobody asked for it."""
    [promise, *_later] = [
        event.data["promise"] for event in ticket.events if event.data.get("promise")
    ]
    assert isinstance(promise, dict)
    return ("replied",) if promise["has_requester"] else ("replied", "claimed", "assigned")


def _expected(
    every: list[TicketView], span: ReportPeriod, now: datetime
) -> dict[str, float | None]:
    inside = [
        (ticket, event) for ticket in every for event in ticket.events
        if span.start <= event.at < span.end
    ]  # fmt: skip
    done = [
        ticket for ticket in every
        if ticket.resolved_at is not None and span.start <= ticket.resolved_at < span.end
        and not _count(ticket, "merged")
    ]  # fmt: skip
    answered = {one.number: _first(one, *_responses(one), *_DONE) for one in every}
    promised = [one for one in done if _promised(one, "first_response")]
    first_answers = [
        (one, at) for one in every
        if (at := answered[one.number]) is not None
        and span.start <= at < span.end and _promised(one, "first_response")
    ]  # fmt: skip
    waits = sorted(_seconds(one.created_at, at) for one, at in first_answers)
    spans = sorted(_seconds(one.created_at, one.resolved_at) for one in done)
    fcr = [
        answered[one.number] == one.resolved_at
        and not _count(one, "escalated", "returned", "reopened")
        for one in promised
    ]
    backlog = [one for one in every if one.created_at < span.end and one.resolved_at is None]
    ratings = [int(str(event.data["score"])) for _, event in inside if event.type == "rated"]
    return {
        "logged": sum(event.type == "logged" for _, event in inside),
        "resolved": len(done),
        "first_response_wall_median": statistics.median(waits),
        "first_response_wall_p90": waits[math.ceil(len(waits) * 0.9) - 1],
        "resolution_wall_median": statistics.median(spans),
        "resolution_wall_p90": spans[math.ceil(len(spans) * 0.9) - 1],
        **{
            f"sla_{clock}": 1 - _mean([_breached(one, clock) for one in due])
            for clock in ("first_response", "resolution")
            for due in [_due(every, clock, span, now)]
        },
        "fcr": _mean(fcr),
        "kb_deflection": _mean([bool(one.articles) for one in done]),
        "escalation_rate_l1": _mean([_left(one, "L1") for one in done]),
        "hand_overs_per_ticket": _mean([_count(one, "escalated", "returned") for one in done]),
        "reopen_rate": _outcomes(inside, "reopened") / _outcomes(inside, *_DONE),
        "backlog": len(backlog),
        "backlog_age_median": statistics.median(_seconds(one.created_at, now) for one in backlog),
        "csat_mean": _mean(ratings),
        "csat": _mean([score >= 4 for score in ratings]),
    }


def _left(ticket: TicketView, level: str) -> bool:
    return any(e.type == "escalated" and e.data["from"] == level for e in ticket.events)


def _outcomes(inside: list[tuple[TicketView, EventView]], *types: str) -> int:
    return sum(event.type in types for _, event in inside)


def _mean(values: list[int] | list[bool]) -> float:
    return sum(values) / len(values)


def _seconds(start: datetime, end: datetime | None) -> float:
    assert end is not None
    return (end - start).total_seconds()


def test_the_timelines_give_the_same_figures(made: Desk) -> None:
    every = [show_ticket.show(made, number) for number in range(1, _COUNT + 1)]
    for days in (90, 700):
        _compare(made, every, days)


def _compare(made: Desk, every: list[TicketView], days: int) -> None:
    span = period.last(f"{days}d", made.now())
    found = {one.kpi.name: one.value for one in kpi_report.kpis(made, span).total.figures}
    expected = _expected(every, span, made.now())
    assert {name: found[name] for name in expected} == {
        name: pytest.approx(value) for name, value in expected.items()
    }
    for clock in ("first_response", "resolution"):
        with_clock = [
            one for one in every for shown in one.clocks
            if shown.name == clock and one.resolved_at and one.resolved_at >= span.start
            and not _count(one, "merged")
        ]  # fmt: skip
        if clock == "first_response":
            with_clock = [
                one for one in every for shown in one.clocks
                if shown.name == clock and shown.met_at and span.start <= shown.met_at < span.end
            ]  # fmt: skip
        support = [
            shown.target_s - shown.remaining_s
            for one in with_clock
            for shown in one.clocks
            if shown.name == clock
        ]
        name = "resolution_median" if clock == "resolution" else "first_response_median"
        assert found[name] == pytest.approx(statistics.median(support))
