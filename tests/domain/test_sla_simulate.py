"""Simulation of SLA clocks from documents; a bad case never stops the others."""

import json
from typing import Any

import pytest

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.sla.simulate import simulate

ALWAYS = {"timezone": "UTC", "hours": {"mon": [["00:00", "24:00"]]}}
CASE: dict[str, Any] = {
    "id": "a",
    "calendar": ALWAYS,
    "targets": {"first_response_s": 600, "resolution_s": 7200},
    "events": [
        {"at": "2024-01-08T12:00:00Z", "event": "received"},
        {"at": "2024-01-08T13:05:00+01:00", "event": "responded"},
    ],
    "now": "2024-01-08T12:30:00Z",
}


def run(**change: object) -> dict[str, Any]:
    case = {key: value for key, value in {**CASE, **change}.items() if value is not ...}
    results: Any = simulate({"cases": [case]})["results"]
    assert json.loads(json.dumps(results)) == results
    assert isinstance(results[0], dict)
    return results[0]


def event(minute: int, kind: str, **more: object) -> dict[str, object]:
    return {"at": f"2024-01-08T12:{minute:02}:00Z", "event": kind, **more}


def test_the_output_has_the_documented_shape() -> None:
    assert run() == {
        "id": "a",
        "clocks": {
            "first_response": {
                "due_at": "2024-01-08T12:10:00Z",
                "elapsed_s": 300,
                "remaining_s": 300,
                "state": "met",
                "met_at": "2024-01-08T12:05:00Z",
                "breached_at": None,
            },
            "resolution": {
                "due_at": "2024-01-08T14:00:00Z",
                "elapsed_s": 1800,
                "remaining_s": 5400,
                "state": "running",
                "met_at": None,
                "breached_at": None,
            },
        },
    }


@pytest.mark.parametrize("now", [..., None])
def test_without_now_the_clocks_are_read_at_the_last_event(now: object) -> None:
    assert run(now=now)["clocks"]["resolution"]["elapsed_s"] == 300


def test_every_event_of_the_clock_is_understood() -> None:
    events = [
        event(0, "received"),
        event(10, "pending_requester"),
        event(20, "pending_vendor"),
        event(25, "pending_scheduled"),
        event(30, "resumed"),
        event(40, "resolved"),
        event(50, "reopened"),
        event(55, "targets", targets={"resolution_s": 60}),
    ]
    clock = run(events=events, now="2024-01-08T12:56:00Z")["clocks"]["resolution"]
    assert clock["elapsed_s"] == 36 * 60
    assert clock["breached_at"] == "2024-01-08T12:55:00Z"


def test_a_change_keeps_targets_that_it_does_not_name_and_withdraws_null() -> None:
    events = [
        event(9, "targets", targets={"first_response_s": None}),
        event(0, "received"),
        event(8, "targets", targets={"first_response_s": 1200}),
    ]
    clocks = run(events=events, now=...)["clocks"]
    assert set(clocks) == {"resolution"}
    assert clocks["resolution"]["remaining_s"] == 7200 - 9 * 60
    clocks = run(events=events[1:], now=...)["clocks"]
    assert clocks["first_response"]["due_at"] == "2024-01-08T12:20:00Z"


def test_a_change_may_bring_a_calendar() -> None:
    closed = {"timezone": "UTC", "hours": {}}
    events = [event(0, "received"), event(5, "targets", calendar=closed)]
    assert run(events=events)["clocks"]["resolution"]["due_at"] is None


def test_fractions_of_a_second_are_dropped() -> None:
    events = [{"at": "2024-01-08T12:00:00.999Z", "event": "received"}]
    assert run(events=events)["clocks"]["resolution"]["elapsed_s"] == 1800


def test_whole_seconds_may_be_written_with_a_point() -> None:
    assert run(targets={"resolution_s": 7200.0}) == run(targets={"resolution_s": 7200})


def test_null_in_a_calendar_means_the_default() -> None:
    calendar = {**ALWAYS, "holidays": None, "special": None, "maintenance": None}
    calendar["hours"] = {"mon": [["00:00:00", "24:00:00"]], "tue": None}
    assert run(calendar=calendar) == run()


def test_unknown_keys_in_cases_and_events_are_ignored() -> None:
    events = [event(0, "received", by="customer")]
    assert "clocks" in run(events=events, note="from a suite")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"id": ...}, "case: 'id' is missing"),
        ({"calendar": ...}, "case: 'calendar' is missing"),
        ({"calendar": {"timezone": "Mars", "hours": {}}}, "calendar.timezone: 'Mars' is no time"),
        ({"targets": ...}, "case: 'targets' is missing"),
        ({"targets": []}, "targets: an object {…} is needed, not a list"),
        ({"targets": {"resolution_s": -1}}, "targets.resolution_s: -1 is no allowed time"),
        ({"targets": {"resolution_s": 1.5}}, "targets.resolution_s: 1.5 is no allowed time"),
        ({"targets": {"resolution": 60}}, "targets: 'resolution' is not known here: use first_"),
        ({"events": {}}, "events: a list […] is needed, not an object"),
        ({"events": []}, "events: there are none"),
        ({"events": ["received"]}, "events[0]: an object {…} is needed, not a text"),
        ({"events": [{"event": "received"}]}, "events[0]: 'at' is missing"),
        ({"events": [{"at": "2024-01-08T12:00:00Z"}]}, "events[0]: 'event' is missing"),
        ({"events": [event(0, "opened")]}, "events[0].event: 'opened' is not known: use received"),
        ({"events": [event(0, "received", at="soon")]}, "events[0].at: 'soon' is no time"),
        (
            {"events": [event(0, "received", at="2024-01-08T12:00:00")]},
            "events[0].at: '2024-01-08T12:00:00' names no time zone",
        ),
        (
            {"events": [event(0, "received", at="0001-01-01T00:00:00Z")]},
            "events[0].at: the time is outside the years",
        ),
        (
            {"events": [event(0, "received", at="9999-12-31T23:59:59-23:00")]},
            "events[0].at: the time is outside the years",
        ),
        (
            {"events": [event(0, "received"), event(1, "targets")]},
            "events[1]: 'targets' is missing",
        ),
        (
            {"events": [event(0, "received"), event(1, "targets", targets={"resolution_s": "1"})]},
            "events[1].targets.resolution_s: '1' is no allowed time",
        ),
        (
            {"events": [event(0, "received"), event(1, "targets", calendar={})]},
            "events[1].calendar: 'timezone' is missing",
        ),
        ({"events": [event(1, "received"), event(0, "responded")]}, "events[1]: 'responded' comes"),
        ({"events": [event(0, "received"), event(1, "received")]}, "events[1]: the ticket is rec"),
        ({"events": [event(0, "received"), event(31, "resolved")]}, "events[1]: 'resolved' at "),
        ({"now": 5}, "now: 5 is no time"),
        ({"now": "2024-01-08T11:00:00Z"}, "events[0]: 'received' at"),
    ],
)
def test_a_case_that_makes_no_sense_is_an_error_with_its_place(
    change: dict[str, object], sentence: str
) -> None:
    result = run(**change)
    assert set(result) == {"id", "error"}
    assert result["error"].startswith(sentence)


@pytest.mark.parametrize("case", [None, 5, "case", [], {}])
def test_a_bad_case_does_not_stop_the_others(case: object) -> None:
    results: Any = simulate({"cases": [case, CASE]})["results"]
    assert results[0]["id"] is None
    assert "error" in results[0]
    assert "clocks" in results[1]


@pytest.mark.parametrize("document", [None, [], [CASE], {}, {"cases": {}}, {"cases": None}])
def test_a_document_of_another_shape_is_refused(document: object) -> None:
    with pytest.raises(RefusedError, match=r"^cases: |^the document: "):
        simulate(document)


@pytest.mark.parametrize(
    ("last", "end"), [("23:59:59", "24:00"), ("17:29:59", "17:30"), ("17:30:00", "17:30")]
)
def test_a_span_may_end_with_its_last_second_as_other_programs_write_it(
    last: str, end: str
) -> None:
    def calendar(ends: str) -> dict[str, object]:
        days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        return {"timezone": "UTC", "hours": {day: [["00:00:00", ends]] for day in days}}

    targets = {"resolution_s": 100 * 3600}
    assert run(calendar=calendar(last), targets=targets) == run(
        calendar=calendar(end), targets=targets
    )
    wrong = run(calendar=calendar("17:29:30"))
    assert "has seconds, which support hours have not" in wrong["error"]
