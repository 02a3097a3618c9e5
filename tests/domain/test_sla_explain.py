"""Rule 9: the explanation of a due time, line by line."""

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.sla.clock import ClockName
from helpdesk.domain.sla.duration import duration_text
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.events import ClockEvent
from helpdesk.domain.sla.explain import explain, explanation_text
from helpdesk.domain.sla.targets import NextUpdateFrom, Targets
from helpdesk.domain.support_hours import SupportCalendar, parse_calendar

OFFICE = SupportCalendar.weekly("Europe/Berlin", "mon-fri 09:00-17:00")
START = datetime(2024, 1, 2, 9, 0, tzinfo=UTC)
DAY = Targets(next_update_s=4 * 3600, resolution_s=8 * 3600)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def explained(
    clock: ClockName,
    now: float,
    *later: tuple[float, EventKind] | ClockEvent,
    targets: Targets = DAY,
) -> str:
    events = [ClockEvent(START, EventKind.RECEIVED)]
    events += [
        event if isinstance(event, ClockEvent) else ClockEvent(at(event[0]), event[1])
        for event in later
    ]
    return explanation_text(explain(OFFICE, targets, events, at(now), clock))


def test_a_running_clock_is_explained_from_its_start_to_its_due_time() -> None:
    assert explained(
        ClockName.RESOLUTION,
        5,
        (1, EventKind.RESPONDED),
        (1, EventKind.PENDING_REQUESTER),
        (3.5, EventKind.RESUMED),
    ) == (
        "Tue 2024-01-02 10:00 CET  received: 8h 00m of support time allowed "
        "(mon-fri 09:00-17:00, Europe/Berlin)\n"
        "Tue 2024-01-02 10:00 CET to Tue 2024-01-02 11:00 CET  counted: +1h 00m = 1h 00m\n"
        "Tue 2024-01-02 11:00 CET  pending on the requester: the clock is paused with 1h 00m used\n"
        "Tue 2024-01-02 13:30 CET  resumed: the clock goes on with 1h 00m used\n"
        "Tue 2024-01-02 13:30 CET to Tue 2024-01-02 15:00 CET  counted: +1h 30m = 2h 30m\n"
        "Tue 2024-01-02 15:00 CET  now: running; 2h 30m of 8h 00m used, 5h 30m left; "
        "due Wed 2024-01-03 12:30 CET\n"
        "Tue 2024-01-02 15:00 CET to Tue 2024-01-02 17:00 CET  still to count: "
        "+2h 00m = 4h 30m\n"
        "Wed 2024-01-03 09:00 CET to Wed 2024-01-03 12:30 CET  still to count: "
        "+3h 30m = 8h 00m\n"
        "Wed 2024-01-03 12:30 CET  due: 8h 00m are used up\n"
    )


def test_a_breach_stands_at_its_time_and_reopening_goes_on() -> None:
    lines = explained(
        ClockName.RESOLUTION, 49.5, (25, EventKind.RESOLVED), (49, EventKind.REOPENED)
    ).splitlines()
    assert [line[26:] for line in lines if " to " not in line[:30]] == [
        "received: 8h 00m of support time allowed (mon-fri 09:00-17:00, Europe/Berlin)",
        "breached",
        "resolved: met, with 9h 00m used",
        "reopened: the clock goes on with 9h 00m used",
        "now: breached; 9h 30m of 8h 00m used, 1h 30m too much; due Wed 2024-01-03 10:00 CET",
    ]
    assert lines == sorted(lines, key=lambda line: line[4:20])


def test_changed_targets_are_explained_with_the_time_used() -> None:
    change = ClockEvent(
        at(2),
        EventKind.TARGETS,
        targets=Targets(resolution_s=24 * 3600),
        calendar=SupportCalendar.round_the_clock("America/New_York"),
    )
    text = explained(ClockName.RESOLUTION, 3, change)
    assert (
        "Tue 2024-01-02 06:00 EST  targets changed: 24h 00m of support time allowed "
        "(24/7, America/New_York); by that, 2h 00m used\n"
    ) in text
    assert "due Wed 2024-01-03 04:00 EST\n" in text


def test_rounds_late_answers_and_pauses_of_the_next_update_are_explained() -> None:
    text = explained(
        ClockName.NEXT_UPDATE, 8, (5, EventKind.RESPONDED), (6, EventKind.PENDING_REQUESTER)
    )
    assert "15:00 CET  answered: a new round begins with nothing used\n" in text
    assert "15:00 CET to Tue 2024-01-02 16:00 CET  counted: +1h 00m = 1h 00m\n" in text
    assert "pending on the requester: the clock is paused with 1h 00m used\n" in text
    assert text.endswith(
        "now: paused, an earlier round was late; 1h 00m of 4h 00m used, 3h 00m left; "
        "no due time while the clock is paused\n"
    )
    assert "15:00 CET  round 1 was late: 5h 00m of 4h 00m used\n" in text


def test_each_round_of_the_next_update_has_a_line_with_its_outcome() -> None:
    targets = Targets(next_update_s=3600, next_update_from=NextUpdateFrom.FIRST_RESPONSE)
    answers = [(at_hour, EventKind.RESPONDED) for at_hour in (1, 1.5, 3.5, 4)]
    text = explained(ClockName.NEXT_UPDATE, 4.25, *answers, targets=targets)
    assert [line.partition("CET  ")[2] for line in text.splitlines() if "round" in line] == [
        "answered: a new round begins with nothing used",
        "round 1 was kept: 30m of 1h 00m used",
        "answered: a new round begins with nothing used",
        "round 2 was late: 2h 00m of 1h 00m used",
        "answered: a new round begins with nothing used",
        "round 3 was kept: 30m of 1h 00m used",
        "answered: a new round begins with nothing used",
        (
            "now: running, an earlier round was late; 15m of 1h 00m used, 45m left; "
            "due Tue 2024-01-02 15:00 CET"
        ),
    ]
    ended = explained(
        ClockName.NEXT_UPDATE, 5, *answers[:1], (1.5, EventKind.RESOLVED), targets=targets
    )
    assert "round 1 was kept: 30m of 1h 00m used\n" in ended


def test_a_next_update_that_has_not_started_says_what_starts_it() -> None:
    targets = Targets(next_update_s=3600, next_update_from=NextUpdateFrom.FIRST_RESPONSE)
    assert explained(ClockName.NEXT_UPDATE, 5, targets=targets) == (
        "Tue 2024-01-02 10:00 CET  received: 1h 00m of support time allowed "
        "(mon-fri 09:00-17:00, Europe/Berlin); it starts with the first answer\n"
        "Tue 2024-01-02 15:00 CET  now: not started: it starts with the first answer, "
        "and has no due time\n"
    )


def test_a_target_that_is_taken_away_after_a_breach_ends_the_clock() -> None:
    gone = ClockEvent(at(6), EventKind.TARGETS, targets=Targets(resolution_s=8 * 3600))
    text = explained(ClockName.NEXT_UPDATE, 30, gone)
    assert "16:00 CET  targets changed: no target any more: breached, withdrawn\n" in text
    assert text.endswith("now: breached, withdrawn; 6h 00m of 4h 00m used, 2h 00m too much\n")


def test_holidays_and_special_days_are_named() -> None:
    calendar = parse_calendar(
        {
            "timezone": "Europe/Berlin",
            "hours": "mon-fri 09:00-17:00",
            "holidays": ["2024-01-03", "2024-01-06", "2024-01-08"],
            "special": {"2024-01-04": [["09:00", "12:00"]]},
            "holiday_names": {"2024-01-03": "Founding day"},
        }
    )
    events = [ClockEvent(START, EventKind.RECEIVED)]
    lines = explain(calendar, DAY, events, at(24 * 7), ClockName.RESOLUTION)
    assert [(f"{line.at:%m-%d}", line.text) for line in lines if "day" in line.text] == [
        ("01-03", "holiday Founding day: closed"),
        ("01-04", "special day: 09:00-12:00"),
        ("01-08", "holiday: closed"),  # the one on a Saturday changes nothing
    ]


def test_outside_support_hours_it_says_when_counting_goes_on() -> None:
    text = explained(ClockName.RESOLUTION, 9)
    assert (
        "1h 00m left; outside support hours, counts again from Wed 2024-01-03 09:00 CET; "
        "due Wed 2024-01-03 10:00 CET\n"
    ) in text


def test_the_middle_of_a_long_stretch_is_summed_up_in_one_line() -> None:
    text = explained(ClockName.RESOLUTION, 0, targets=Targets(resolution_s=400 * 3600))
    assert "still to count in 46 spans: +368h 00m = 391h 00m" in text
    assert len(text.splitlines()) == 9


def test_what_was_never_promised_cannot_be_explained() -> None:
    with pytest.raises(RefusedError, match=r"^first_response has no target"):
        explained(ClockName.FIRST_RESPONSE, 1)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (59, "59s"),
        (60, "1m"),
        (125, "2m 05s"),
        (3600, "1h 00m"),
        (11_400, "3h 10m"),
        (3601, "1h 00m 01s"),
        (-5400, "-1h 30m"),
        (360_000, "100h 00m"),
    ],
)
def test_durations_are_shown_in_hours_and_minutes(seconds: int, text: str) -> None:
    assert duration_text(seconds) == text
