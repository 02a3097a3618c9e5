"""The support calendar against a minute-by-minute oracle, in many time zones and hours."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, takewhile

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.support_hours import (
    SupportCalendar,
    WeekHours,
    dump_calendar,
    parse_calendar,
)
from helpdesk.domain.support_hours.instant import LAST_INSTANT
from tests.domain.support_oracle import MINUTES, Oracle, seconds, weeks, windows
from tests.examples import examples

Window = tuple[SupportCalendar, date]

amounts = st.one_of(
    st.integers(0, 3 * 86_400), st.sampled_from((1, 60, 3600, 4 * 3600, 8 * 3600, 40 * 3600))
)


@examples(150)
@given(window=windows(), first=seconds, second=seconds, amount=amounts)
def test_counting_agrees_with_the_oracle(
    window: Window, first: int, second: int, amount: int
) -> None:
    calendar, day = window
    oracle = Oracle(calendar, day)
    start, end = oracle.instant(first), oracle.instant(second)
    assert calendar.elapsed(start, end) == oracle.elapsed(first, second)
    due, expected = calendar.add(start, amount), oracle.add(first, amount)
    if expected is None:
        assert due is None or due > oracle.instant(MINUTES * 60)
    else:
        assert due == oracle.instant(expected)
    begun, expected = calendar.subtract(start, amount), oracle.subtract(first, amount)
    if expected is None:
        assert begun is None or begun < oracle.start
    else:
        assert begun == oracle.instant(expected)


@examples(150)
@given(window=windows(), second=st.integers(0, MINUTES * 60 - 1))
def test_opening_and_closing_agree_with_the_oracle(window: Window, second: int) -> None:
    calendar, day = window
    oracle = Oracle(calendar, day)
    at = oracle.instant(second)
    assert calendar.is_open(at) is oracle.open[second // 60]
    for found, opens in ((calendar.next_opening(at), True), (calendar.next_closing(at), False)):
        expected = oracle.next_minute(second, opens=opens)
        if expected is None:
            assert found is None or found >= oracle.instant(MINUTES * 60)
        else:
            assert found == oracle.instant(expected)


@examples(60)
@given(window=windows(), second=seconds)
def test_periods_are_the_open_minutes_and_apart(window: Window, second: int) -> None:
    calendar, day = window
    oracle = Oracle(calendar, day)
    end = oracle.instant(MINUTES * 60)
    at = oracle.instant(second)
    periods = list(takewhile(lambda period: period.start < end, calendar.periods(at)))
    total = sum((min(period.end, end) - period.start).total_seconds() for period in periods)
    assert total == oracle.elapsed(second, MINUTES * 60)
    for earlier, later in pairwise(periods):
        assert earlier.end < later.start
    for period in periods:
        assert period.start >= at
        assert calendar.is_open(period.start)
        assert period.end == (calendar.next_closing(at=period.start) or LAST_INSTANT)


@examples(100)
@given(
    window=windows(),
    start=st.integers(-40_000_000, 40_000_000),
    amount=st.integers(1, 200_000_000),
)
def test_adding_and_measuring_are_inverse_over_years(
    window: Window, start: int, amount: int
) -> None:
    calendar, day = window
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=start)
    due = calendar.add(begin, amount)
    if due is None:
        assert calendar.elapsed(begin, LAST_INSTANT) < amount
        return
    assert calendar.elapsed(begin, due) == amount
    assert calendar.elapsed(begin, due - timedelta(seconds=1)) == amount - 1
    back = calendar.subtract(due, amount)
    assert back is not None
    assert back >= begin
    assert calendar.elapsed(begin, back) == 0
    middle = begin + (due - begin) / 2
    assert calendar.elapsed(begin, middle) + calendar.elapsed(middle, due) == amount


@examples(50)
@given(window=windows())
def test_a_calendar_is_read_back_as_it_was_written(window: Window) -> None:
    calendar, _ = window
    again = parse_calendar(dump_calendar(calendar))
    assert again == calendar
    assert hash(again) == hash(calendar)


@examples(50)
@given(week=weeks())
def test_the_hours_of_a_week_are_read_back_as_text(week: WeekHours) -> None:
    assert WeekHours.parse(str(week)) == week
