"""A support calendar compiled for fast lookups.

The open periods of a UTC year are compiled when they are first needed.  A lookup takes one
bisection in the first and the last year it touches and one addition for each year between; it never
iterates over days.  All times here are epoch seconds.

No locks are needed: compiled years are only ever added, and each depends on the calendar alone, so
two threads that need the same year at once merely store equal results.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from helpdesk.domain.support_hours.instant import (
    EPOCH,
    FIRST_YEAR,
    LAST_YEAR,
    to_instant,
    year_of,
    year_start,
)
from helpdesk.domain.support_hours.open_year import OpenYear
from helpdesk.domain.support_hours.span import Span
from helpdesk.domain.support_hours.wall_clock import steady_offsets, wall_instant
from helpdesk.domain.support_hours.week_hours import WeekHours

_Seconds = tuple[int, int]

_EPOCH_DAY = EPOCH.toordinal()
_DAY_S = 86_400


class CompiledCalendar:
    """The open seconds of a calendar.

    :param zone: the time zone of the wall times in ``week`` and ``dates``.
    :param week: the hours of each weekday.
    :param dates: the spans of the dates that differ from their weekday; no spans: closed.
    :param maintenance: the periods that are closed, as epoch seconds (start, end), in any order.
    """

    def __init__(
        self,
        zone: ZoneInfo,
        week: WeekHours,
        dates: Mapping[date, tuple[Span, ...]],
        maintenance: Iterable[tuple[int, int]],
    ) -> None:
        self._zone = zone
        self._week = week.days
        self._dates = dates
        self._maintenance = list(_joined(maintenance))
        self._years: dict[int, OpenYear] = {}
        # If the week is closed, only an exception can open the calendar; if it is open round the
        # clock, only an exception can close it.  So a search ends a year beyond the last exception.
        years = [day.year for day in self._dates]
        years += [to_instant(end).year for _, end in self._maintenance]
        last_exception = min(max(years, default=FIRST_YEAR) + 1, LAST_YEAR)
        first_exception = max(min(years, default=LAST_YEAR) - 1, FIRST_YEAR)
        closed, gapless = week.is_closed, week.is_round_the_clock
        self._first_opening_year = first_exception if closed else FIRST_YEAR
        self._last_opening_year = last_exception if closed else LAST_YEAR
        self._last_closing_year = last_exception if gapless else LAST_YEAR

    def add(self, second: int, counted: int) -> int | None:
        """Return the first second by which ``counted`` > 0 open seconds have passed, or None."""
        number = year_of(second)
        year = self._year(number)
        wanted = year.before(second) + counted
        while wanted > year.total:
            wanted -= year.total
            number += 1
            if number > self._last_opening_year:
                return None
            year = self._year(number)
        return year.first_after(wanted)

    def subtract(self, second: int, counted: int) -> int | None:
        """Return the last second with ``counted`` > 0 open seconds up to ``second``, or None."""
        number = year_of(second)
        year = self._year(number)
        wanted = year.before(second) - counted
        while wanted < 0:
            number -= 1
            if number < self._first_opening_year:
                return None
            year = self._year(number)
            wanted += year.total
        return year.last_after(wanted)

    def elapsed(self, start: int, end: int) -> int:
        """Return the open seconds from ``start`` to ``end``; 0 if ``end`` is not later."""
        if end <= start:
            return 0
        first, last = year_of(start), year_of(end)
        between = sum(self._year(number).total for number in range(first, last))
        return between + self._year(last).before(end) - self._year(first).before(start)

    def is_open(self, second: int) -> bool:
        """Return whether the second is open."""
        return self._year(year_of(second)).close_of(second) is not None

    def next_opening(self, second: int) -> int | None:
        """Return the first open second at or after ``second``, or None."""
        number = year_of(second)
        opening = self._year(number).next_open(second)
        while opening is None and number < self._last_opening_year:
            number += 1
            opening = self._year(number).next_open(second)
        return opening

    def next_closing(self, second: int) -> int | None:
        """Return the first closed second at or after ``second``, or None."""
        number = year_of(second)
        close = self._year(number).close_of(second)
        while close is not None:
            # A period that ends with the year may continue in the next.
            second = close
            if second < year_start(number + 1):
                return second
            number += 1
            if number > self._last_closing_year:
                return None
            close = self._year(number).close_of(second)
        return second

    def _year(self, number: int) -> OpenYear:
        year = self._years.get(number)
        if year is None:
            year = self._years[number] = OpenYear(self._periods(number))
        return year

    def _periods(self, number: int) -> Iterator[_Seconds]:
        first, last = year_start(number), year_start(number + 1)
        # A day's hours lie within two days of it in UTC: offsets are between -16 and +16 hours, and
        # a span that crosses midnight ends on the next day.
        days = date(number, 1, 1).toordinal() - 2, date(number, 12, 31).toordinal() + 2
        for opens, closes in _without(_joined(self._spans(*days)), self._maintenance):
            if opens < last and first < closes:
                yield max(opens, first), min(closes, last)

    def _spans(self, first: int, last: int) -> Iterator[_Seconds]:
        """Yield the spans that begin on the days ``first`` to ``last`` (date ordinals)."""
        offsets = steady_offsets(self._zone, first, last)
        for ordinal, offset in zip(range(first, last + 1), offsets, strict=True):
            day = date.fromordinal(ordinal)
            spans = self._spans_on(day)
            if offset is None:
                for span in spans:
                    yield (
                        wall_instant(self._zone, day, span.begins.minutes),
                        wall_instant(self._zone, day, span.end_minutes),
                    )
            else:
                midnight = (ordinal - _EPOCH_DAY) * _DAY_S - offset
                for span in spans:
                    yield midnight + span.begins.minutes * 60, midnight + span.end_minutes * 60

    def _spans_on(self, day: date) -> tuple[Span, ...]:
        spans = self._dates.get(day)
        return self._week[day.weekday()] if spans is None else spans


def _joined(periods: Iterable[_Seconds]) -> Iterator[_Seconds]:
    """Yield the periods in order, with touching and overlapping ones joined and no empty ones."""
    current: _Seconds | None = None
    for opens, closes in sorted(periods):
        if opens == closes:
            continue
        if current is None:
            current = opens, closes
        elif opens <= current[1]:
            current = current[0], max(current[1], closes)
        else:
            yield current
            current = opens, closes
    if current is not None:
        yield current


def _without(periods: Iterable[_Seconds], cuts: list[_Seconds]) -> Iterator[_Seconds]:
    """Yield the parts of sorted periods that lie outside the cuts."""
    for opens, closes in periods:
        for cut_from, cut_to in cuts:
            if cut_to <= opens or closes <= cut_from:
                continue
            if opens < cut_from:
                yield opens, cut_from
            opens = cut_to
            if closes <= opens:
                break
        else:
            yield opens, closes
