"""The time to compute due times.

Run with ``pytest tests/bench/bench_calendar.py -m bench -s``.  As seconds differ between machines,
it also prints ratios: against one ``datetime`` addition, and of ten years against one day.
"""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from helpdesk.domain.support_hours import SupportCalendar, WeekHours
from helpdesk.domain.support_hours.calendar import compile_calendar

START = datetime(2024, 1, 3, 10, 0, tzinfo=UTC)
HOLIDAYS = frozenset(date(year, *day) for year in range(2024, 2036) for day in ((1, 1), (12, 25)))

CALENDARS = {
    "8/5, holidays": SupportCalendar(
        "Europe/Berlin", WeekHours.parse("mon-fri 09:00-12:00, 13:00-18:00"), HOLIDAYS
    ),
    "nights": SupportCalendar("America/New_York", WeekHours.parse("mon-fri 22:00-06:00"), HOLIDAYS),
    "24/7": SupportCalendar.round_the_clock("Europe/Berlin"),
}


def _microseconds(work: Callable[[], object], loops: int = 2000, rounds: int = 7) -> float:
    """Return the time of one call in microseconds, in the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        begun = time.perf_counter()
        for _ in range(loops):
            work()
        best = min(best, time.perf_counter() - begun)
    return best / loops * 1e6


@pytest.mark.bench
@pytest.mark.parametrize("name", CALENDARS)
def test_figures_of_due_times(name: str) -> None:
    calendar = CALENDARS[name]
    decade = calendar.elapsed(START, START.replace(year=START.year + 10))
    due = calendar.add(START, decade)
    assert due is not None

    bare = _microseconds(lambda: START + timedelta(seconds=decade))
    day = _microseconds(lambda: calendar.add(START, 8 * 3600))
    ten = _microseconds(lambda: calendar.add(START, decade))
    measured = _microseconds(lambda: calendar.elapsed(START, due))
    cold = _microseconds(lambda: compile_calendar(calendar).add(0, 3600), loops=1)
    print(f"\n{name}: one day {day:.2f} µs; ten years {ten:.2f} µs = {ten / day:.1f} × a day")
    print(f"{name}: ten years are {ten / bare:.0f} × a bare addition; elapsed {measured:.2f} µs")
    print(f"{name}: compiling a year {cold:.0f} µs = {cold / ten:.0f} × a due time")
