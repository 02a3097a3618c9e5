"""The support calendar by example."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.support_hours import (
    Period,
    SpecialDay,
    SupportCalendar,
    WeekHours,
)
from helpdesk.domain.support_hours.wall_clock import steady_offsets, wall_instant, zone_named

OFFICE = SupportCalendar.weekly("Europe/Berlin", "mon-fri 09:00-17:00", date(2024, 5, 1))
ALWAYS = SupportCalendar.round_the_clock("Europe/Berlin")
HOUR = 3600


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def special(day: str, hours: str) -> SpecialDay:
    """Return a special day with hours such as ``09:00-12:00``; "" is closed."""
    spans = WeekHours.parse(f"mon {hours}").days[0] if hours else ()
    return SpecialDay(date.fromisoformat(day), spans)


def test_time_is_counted_within_support_hours_only() -> None:
    # A Friday, 16:00 in Berlin.
    assert OFFICE.add(utc("2024-01-05 15:00"), 2 * HOUR) == utc("2024-01-08 09:00")
    assert OFFICE.elapsed(utc("2024-01-05 15:00"), utc("2024-01-08 09:00")) == 2 * HOUR


def test_a_target_that_fills_the_day_is_due_at_its_end_not_next_morning() -> None:
    assert OFFICE.add(utc("2024-01-05 15:00"), HOUR) == utc("2024-01-05 16:00")
    assert OFFICE.subtract(utc("2024-01-08 09:00"), HOUR) == utc("2024-01-08 08:00")


def test_no_time_at_all_is_due_at_once_even_outside_hours() -> None:
    sunday = utc("2024-01-07 12:00")
    assert OFFICE.add(sunday, 0) == sunday
    assert OFFICE.subtract(sunday, 0) == sunday


def test_time_never_runs_backwards() -> None:
    assert OFFICE.elapsed(utc("2024-01-09 12:00"), utc("2024-01-08 12:00")) == 0
    with pytest.raises(ValueError, match="less than none"):
        OFFICE.add(utc("2024-01-08 12:00"), -1)


def test_an_opening_second_is_open_and_a_closing_one_is_not() -> None:
    assert not OFFICE.is_open(utc("2024-01-08 07:59:59"))
    assert OFFICE.is_open(utc("2024-01-08 08:00:00"))
    assert OFFICE.is_open(utc("2024-01-08 15:59:59"))
    assert not OFFICE.is_open(utc("2024-01-08 16:00:00"))


def test_next_opening_and_closing_are_now_if_it_is_so_already() -> None:
    noon, night = utc("2024-01-08 12:00"), utc("2024-01-08 22:00")
    assert OFFICE.next_opening(noon) == noon
    assert OFFICE.next_closing(noon) == utc("2024-01-08 16:00")
    assert OFFICE.next_opening(night) == utc("2024-01-09 08:00")
    assert OFFICE.next_closing(night) == night


def test_fractions_of_a_second_are_dropped() -> None:
    assert OFFICE.add(utc("2024-01-08 12:00:00.9"), 60) == utc("2024-01-08 12:01")
    assert OFFICE.elapsed(utc("2024-01-08 12:00:00.9"), utc("2024-01-08 12:00:01")) == 1


def test_round_the_clock_counts_every_second_and_never_closes() -> None:
    start = utc("2024-01-05 15:00")
    assert ALWAYS.add(start, 10**9) == start + timedelta(seconds=10**9)
    assert ALWAYS.subtract(start, 10**9) == start - timedelta(seconds=10**9)
    assert ALWAYS.next_closing(start) is None
    assert [period.start for period in ALWAYS.periods(start)] == [start]


def test_a_calendar_without_hours_is_legal_and_nothing_is_ever_due() -> None:
    closed = SupportCalendar("UTC", WeekHours())
    start = utc("2024-01-05 15:00")
    assert closed.add(start, 1) is None
    assert closed.subtract(start, 1) is None
    assert closed.next_opening(start) is None
    assert closed.next_closing(start) == start
    assert list(closed.periods(start)) == []


def test_a_calendar_may_open_on_special_days_only() -> None:
    sale = SupportCalendar(
        "UTC", WeekHours(), special=frozenset({special("2030-12-30", "09:00-12:00")})
    )
    start = utc("2024-01-05 15:00")
    assert sale.add(start, 3 * HOUR) == utc("2030-12-30 12:00")
    assert sale.add(start, 3 * HOUR + 1) is None
    assert sale.subtract(utc("2040-01-01 00:00"), 3 * HOUR) == utc("2030-12-30 09:00")


def test_a_special_day_may_lie_in_another_year_of_utc() -> None:
    west = SupportCalendar(
        "America/New_York", WeekHours(), special=frozenset({special("2024-12-31", "20:00-21:00")})
    )
    assert west.next_opening(utc("2024-06-01 00:00")) == utc("2025-01-01 01:00")
    east = SupportCalendar(
        "Asia/Tokyo", WeekHours(), special=frozenset({special("2025-01-01", "08:00-09:00")})
    )
    assert east.subtract(utc("2026-01-01 00:00"), HOUR) == utc("2024-12-31 23:00")


def test_a_holiday_is_closed_in_the_calendars_own_zone() -> None:
    # 1 May begins in Berlin at 22:00 UTC of 30 April.
    assert OFFICE.next_opening(utc("2024-04-30 20:00")) == utc("2024-05-02 07:00")
    nights = SupportCalendar.weekly("Europe/Berlin", "24/7", date(2024, 5, 1))
    assert nights.next_closing(utc("2024-04-30 12:00")) == utc("2024-04-30 22:00")
    assert nights.next_opening(utc("2024-04-30 22:00")) == utc("2024-05-01 22:00")


def test_a_span_over_midnight_belongs_to_its_first_day() -> None:
    nights = SupportCalendar.weekly("UTC", "mon-fri 22:00-06:00", date(2024, 1, 2))
    # Monday night runs into the holiday; Tuesday night does not begin.
    assert nights.is_open(utc("2024-01-02 05:59"))
    assert not nights.is_open(utc("2024-01-02 22:00"))
    assert not nights.is_open(utc("2024-01-03 05:00"))
    # Friday night ends on Saturday.
    assert nights.next_closing(utc("2024-01-05 23:00")) == utc("2024-01-06 06:00")


def test_special_hours_replace_those_of_the_weekday_and_a_holiday_beats_both() -> None:
    calendar = SupportCalendar(
        "UTC",
        WeekHours.parse("mon-fri 09:00-17:00"),
        holidays=frozenset({date(2024, 12, 25)}),
        special=frozenset(
            {
                special("2024-12-24", "10:00-12:00"),
                special("2024-12-25", "10:00-12:00"),
                special("2024-12-27", ""),
                special("2024-12-28", "08:00-09:00"),
            }
        ),
    )
    assert [p.start for p in islice(calendar.periods(utc("2024-12-24 00:00")), 4)] == [
        utc("2024-12-24 10:00"),
        utc("2024-12-26 09:00"),
        utc("2024-12-28 08:00"),
        utc("2024-12-30 09:00"),
    ]


def test_maintenance_is_cut_out_to_the_second() -> None:
    cut = Period(utc("2024-01-08 10:00:10"), utc("2024-01-08 10:00:30"))
    calendar = SupportCalendar("UTC", OFFICE.week, maintenance=frozenset({cut}))
    assert calendar.elapsed(utc("2024-01-08 10:00"), utc("2024-01-08 10:01")) == 40
    assert calendar.next_closing(utc("2024-01-08 09:30")) == cut.start


@pytest.mark.parametrize(
    ("day", "hours"), [("2024-03-31", 23), ("2024-06-30", 24), ("2024-10-27", 25)]
)
def test_a_day_on_which_clocks_change_has_23_or_25_hours(day: str, hours: int) -> None:
    sundays = SupportCalendar.weekly("Europe/Berlin", "sun 00:00-24:00")
    start = utc(f"{day} 12:00") - timedelta(days=1)
    period = next(sundays.periods(start))
    assert period.end - period.start == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("hours", "day", "minutes"),
    [
        ("01:00-04:00", "2024-03-31", 120),
        ("02:15-02:45", "2024-03-31", 0),
        ("02:30-03:15", "2024-03-31", 15),
        ("01:30-02:30", "2024-03-31", 30),
        ("01:00-04:00", "2024-10-27", 240),
        ("02:15-02:45", "2024-10-27", 30),
        ("02:30-03:30", "2024-10-27", 120),
        ("01:30-02:30", "2024-10-27", 60),
    ],
)
def test_a_skipped_time_is_the_change_and_a_repeated_one_its_first_occurrence(
    hours: str, day: str, minutes: int
) -> None:
    calendar = SupportCalendar.weekly("Europe/Berlin", f"sun {hours}")
    start = utc(f"{day} 00:00") - timedelta(hours=6)
    assert calendar.elapsed(start, start + timedelta(days=1)) == minutes * 60


def test_a_date_that_a_zone_left_out_has_no_time() -> None:
    # Samoa went from Thursday 29 December 2011 to Saturday 31 December.
    fridays = SupportCalendar.weekly("Pacific/Apia", "fri 00:00-24:00")
    assert fridays.elapsed(utc("2011-12-28 00:00"), utc("2012-01-02 00:00")) == 0


def test_periods_go_on_over_the_turn_of_the_year() -> None:
    nights = SupportCalendar.weekly("UTC", "tue 22:00-06:00")
    assert next(nights.periods(utc("2024-12-31 12:00"))) == Period(
        utc("2024-12-31 22:00"), utc("2025-01-01 06:00")
    )


def test_a_year_that_nobody_can_mean_is_refused() -> None:
    with pytest.raises(RefusedError, match="1900 to 2999"):
        OFFICE.elapsed(utc("0024-01-08 12:00"), utc("2024-01-08 12:00"))
    assert OFFICE.add(utc("2999-12-30 12:00"), 10**6) is None


def test_equal_calendars_have_equal_hashes() -> None:
    again = SupportCalendar.weekly("Europe/Berlin", "MON-fri 9:00-17:00", date(2024, 5, 1))
    assert {OFFICE: 1}[again] == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mon-fri 09:00-12:00, 13:00-17:00; sat 10:00-14:00", None),
        ("sat-sun 22:00-06:00", None),
        ("24/7", None),
        ("closed", None),
        ("mon 09:00-17:00; tue 09:00-17:00", "mon-tue 09:00-17:00"),
        ("mon 13:00-17:00,9:00-12:00", "mon 09:00-12:00, 13:00-17:00"),
        ("mon-sun 00:00-24:00", "24/7"),
        ("mon 12:00-00:00", "mon 12:00-24:00"),
    ],
)
def test_hours_are_parsed_and_shown_as_text(text: str, shown: str | None) -> None:
    assert str(WeekHours.parse(text)) == (shown or text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "'' are no support hours"),
        ("weekdays 9-5", "'weekdays 9-5' are no support hours"),
        ("mon-fry 09:00-17:00", "'fry' is no weekday"),
        ("sat-mon 09:00-17:00", "sat-mon runs over the week's end"),
        ("mon 09:00", "'09:00' is no span"),
        ("mon 09:00-9:60", "'9:60' is no time of day"),
        ("mon-tue 09:00-10:00; tue 11:00-12:00", "tue is named twice"),
        ("mon 09:00-12:00, 11:00-13:00", "mon[1]: 11:00-13:00 overlaps 09:00-12:00"),
    ],
)
def test_hours_that_cannot_be_read_are_refused(text: str, sentence: str) -> None:
    with pytest.raises(RefusedError) as error:
        WeekHours.parse(text)
    assert str(error.value).startswith(sentence)


@pytest.mark.parametrize(
    ("timezone", "year"),
    [
        ("Europe/Berlin", 2024),
        ("America/Boa_Vista", 2000),  # went forward for a week
        ("Asia/Gaza", 2040),
        ("Africa/Casablanca", 2024),
        ("Australia/Lord_Howe", 2024),
        ("Antarctica/Troll", 2024),
        ("Pacific/Apia", 2011),  # skipped a date
        ("Europe/Vienna", 1945),
        ("Asia/Kathmandu", 1986),
    ],
)
def test_steady_offsets_give_the_same_instants_as_the_slow_way(timezone: str, year: int) -> None:
    zone = zone_named(timezone)
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    steady = 0
    for ordinal, offset in enumerate(steady_offsets(zone, first, last), first):
        if offset is None:
            continue
        steady += 1
        for minutes in (0, 150, 1439, 1440, 2879):
            midnight = (ordinal - date(1970, 1, 1).toordinal()) * 86_400
            slowly = wall_instant(zone, date.fromordinal(ordinal), minutes)
            assert midnight + minutes * 60 - offset == slowly
    assert 300 < steady < 366
