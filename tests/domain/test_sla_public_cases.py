"""SLA and support-hours cases from five public test suites, run through the public interface.

``tests/data/sla_cases.json`` lists the suites with commit and licence, and the file and line of
each case.  Suites differ on which of two instants without support time in between they expect (the
close of Friday or the opening of Monday); for a due time both are accepted.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

import pytest

from helpdesk.domain.sla.clock import ClockName, ClockReading, ClockState
from helpdesk.domain.sla.clocks import read_clocks
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.events import ClockEvent
from helpdesk.domain.sla.targets import Targets
from helpdesk.domain.support_hours import SupportCalendar, dump_calendar, parse_calendar

Case = dict[str, Any]

CASES: list[Case] = json.loads(
    (Path(__file__).parents[1] / "data" / "sla_cases.json").read_text(encoding="utf-8")
)["cases"]

#: The cases in which the result differs on purpose, and the rule of the SLA clock that says so.
_OTHER_NEXT_UPDATE = (
    "rule 2: next update is the time until the next news and restarts with each public answer; "
    "this suite's clock is for the oldest unanswered message and has no due time without one"
)
DISAGREEMENTS = {
    "biz-056": (
        "rule 1: minutes that exist count on the day with 23 hours too: of 02:30-03:15 the "
        "skipped half hour does not exist and the quarter of an hour from 03:00 on is open; "
        "this suite drops the whole span because it begins in the skipped hour"
    ),
    "rt-010": (
        "rule 2: first response starts when the ticket is received, no matter who logged it: "
        "an agent who logs a call still has to answer the requester"
    ),
    "rt-012": _OTHER_NEXT_UPDATE,
    "rt-013": _OTHER_NEXT_UPDATE,
    "rt-014": _OTHER_NEXT_UPDATE,
    "rt-015": _OTHER_NEXT_UPDATE,
}

_KINDS = {
    "created": EventKind.RECEIVED,
    "agent_reply": EventKind.RESPONDED,
    "paused": EventKind.PENDING_REQUESTER,
    "resumed": EventKind.RESUMED,
    "resolved": EventKind.RESOLVED,
    "reopened": EventKind.REOPENED,
    "targets_changed": EventKind.TARGETS,
    "calendar_changed": EventKind.TARGETS,
}


def test_no_case_is_left_out() -> None:
    assert len(CASES) == 251
    assert {case["id"] for case in CASES} >= set(DISAGREEMENTS)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_public_case_holds_or_differs_by_a_named_rule(case: Case) -> None:
    wrong = list(_differences(case))
    if case["id"] in DISAGREEMENTS:
        assert wrong, "the results agree now: remove the case from DISAGREEMENTS"
    else:
        assert not wrong


def _differences(case: Case) -> Iterator[str]:
    """Yield a line for each value that differs from the suite's expectation."""
    calendar = _calendar(case["calendar"], case)
    found = _found(case, calendar)
    for key, expected in case["expect"].items():
        if key.endswith("_at"):
            want = None if expected is None else _time(expected)
            if not _same_time(calendar, found[key], want, case.get("tolerance_seconds", 0)):
                yield f"{key}: {found[key]} where {want} is expected"
        elif key.startswith("windows_"):
            windows = [[_time(start), _time(end)] for start, end in expected]
            if list(islice(found[key], len(windows))) != windows:
                yield f"{key} differ"
        elif found[key] != expected:
            yield f"{key}: {found[key]} where {expected} is expected"


def _found(case: Case, calendar: SupportCalendar) -> dict[str, Any]:
    start = _time(case["events"][0]["at"])
    targets = case["targets"]
    match case["kind"]:
        case "add":
            return {"resolution_due_at": calendar.add(start, _s(targets["resolution_minutes"]))}
        case "subtract":
            return {"warn_at": calendar.subtract(start, _s(targets["before_minutes"]))}
        case "add_days":
            days = targets["resolution_working_days"]
            return {"resolution_due_at": _add_working_days(calendar, start, days)}
        case "open":
            return {"open": calendar.is_open(start)}
        case "elapsed":
            return {"resolution_elapsed_seconds": calendar.elapsed(start, _last(case))}
        case "windows":
            return {
                "windows_forward": ([p.start, p.end] for p in calendar.periods(start)),
                "windows_backward": reversed(_windows_before(calendar, start)),
            }
    assert case["kind"] == "ticket"
    return _read_ticket(case, calendar)


def _read_ticket(case: Case, calendar: SupportCalendar) -> dict[str, Any]:
    now = _time(case["as_of"]) if "as_of" in case else _last(case)
    events = [_event(event, case) for event in case["events"] if event["what"] in _KINDS]
    readings = read_clocks(calendar, _targets(case["targets"]), events, now)
    start = events[0].at
    found: dict[str, Any] = {
        "state": _suite_state(readings),
        "clock_starts_at": calendar.next_opening(start),
    }
    for name, reading in readings.items():
        key = "next_response" if name is ClockName.NEXT_UPDATE else str(name)
        found[f"{key}_due_at"] = reading.due_at
        found[f"{key}_elapsed_seconds"] = reading.elapsed_s
        found[f"{key}_breached"] = reading.breached_at is not None
        found[f"{key}_late_seconds"] = -reading.remaining_s
    if ClockName.RESOLUTION in readings:
        used = readings[ClockName.RESOLUTION].elapsed_s
        found["paused_seconds"] = calendar.elapsed(start, now) - used
    return found


def _suite_state(readings: dict[ClockName, ClockReading]) -> str | None:
    """Return the state of a ticket with a first response and a resolution in one suite's terms."""
    if not {ClockName.FIRST_RESPONSE, ClockName.RESOLUTION} <= set(readings):
        return None
    first, resolution = readings[ClockName.FIRST_RESPONSE], readings[ClockName.RESOLUTION]
    if ClockState.BREACHED in (first.state, resolution.state):
        return "failed"
    if resolution.state is ClockState.MET:
        return "fulfilled"
    if resolution.state is ClockState.PAUSED:
        return "paused"
    return "resolution_due" if first.state is ClockState.MET else "first_response_due"


def _event(event: Case, case: Case) -> ClockEvent:
    return ClockEvent(
        _time(event["at"]),
        _KINDS[event["what"]],
        targets=_targets(event["targets"]) if "targets" in event else None,
        calendar=_calendar(event["calendar"], case) if "calendar" in event else None,
    )


def _targets(minutes: dict[str, float]) -> Targets:
    return Targets(
        first_response_s=_s(minutes["first_response_minutes"])
        if "first_response_minutes" in minutes
        else None,
        next_update_s=_s(minutes["next_response_minutes"])
        if "next_response_minutes" in minutes
        else None,
        resolution_s=_s(minutes["resolution_minutes"]) if "resolution_minutes" in minutes else None,
    )


def _s(minutes: float) -> int:
    return round(minutes * 60)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _last(case: Case) -> datetime:
    return _time(case["events"][-1]["at"])


def _same_time(
    calendar: SupportCalendar, found: datetime | None, want: datetime | None, tolerance_s: int
) -> bool:
    if found is None or want is None:
        return found is want
    low, high = min(found, want), max(found, want)
    return high - low <= timedelta(seconds=tolerance_s) or calendar.elapsed(low, high) == 0


def _calendar(facts: Case, case: Case) -> SupportCalendar:
    """Return the calendar of a case, parsed from a document as people write it."""
    year = _time(case["events"][0]["at"]).year
    yearly = [
        f"{number}-{day}"
        for number in range(year - 1, year + 12)
        for day in facts.get("yearly_holidays", ())
    ]
    calendar = parse_calendar(
        {
            "timezone": facts["tz"],
            "hours": {
                day: [span for span in spans if span[0] != span[1]]
                for day, spans in facts["hours"].items()
            },
            "holidays": [*facts["holidays"], *yearly],
            "special": facts.get("date_hours", {}),
        }
    )
    cuts = [
        [
            datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=calendar.zone).isoformat()
            for at in span
        ]
        for day, spans in facts.get("date_breaks", {}).items()
        for span in spans
    ]
    return parse_calendar({**dump_calendar(calendar), "maintenance": cuts})


def _windows_before(calendar: SupportCalendar, end: datetime) -> list[list[datetime]]:
    periods = takewhile(
        lambda period: period.start < end, calendar.periods(end - timedelta(days=60))
    )
    return [[period.start, min(period.end, end)] for period in periods]


def _add_working_days(calendar: SupportCalendar, start: datetime, days: int) -> datetime | None:
    """Return the same local time ``days`` open dates later, or the nearest open instant there."""
    local = start.astimezone(calendar.zone)
    day, left = local.date(), abs(days)
    while left:
        day += timedelta(days=1 if days > 0 else -1)
        left -= _opens_on(calendar, day)
    at = datetime.combine(day, local.timetz()).astimezone(UTC)
    if days > 0 or calendar.is_open(at):
        return calendar.next_opening(at)
    back = calendar.subtract(at, 1)
    return back and calendar.add(back, 1)


def _opens_on(calendar: SupportCalendar, day: date) -> bool:
    midnight = datetime(day.year, day.month, day.day, tzinfo=calendar.zone)
    opening = calendar.next_opening(midnight)
    return opening is not None and opening.astimezone(calendar.zone).date() == day
