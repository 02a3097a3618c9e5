"""A support calendar compiled to what a lookup needs.

The open periods of a UTC year are compiled when first asked for.  A lookup is one bisection in
the first and the last year it touches and one addition for each year between; it never walks
days.  Everything here is in epoch seconds.

Compiled years are only ever added, and each is a pure function of the calendar: two threads that
need the same one at once do the work twice and store equal results.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from helpdesk.domain.support_hours.instant import (
    EPOCH,
    FIRST_YEAR,
    LAST_YEAR,
    beginning_of,
    to_instant,
    year_of,
)
from helpdesk.domain.support_hours.open_year import OpenYear
from helpdesk.domain.support_hours.span import Span
from helpdesk.domain.support_hours.wall_clock import steady_offsets, wall_instant
from helpdesk.domain.support_hours.week_hours import WeekHours

_Seconds = tuple[int, int]

_EPOCH_DAY = EPOCH.toordinal()
_DAY_S = 86_400


class Timeline:
    """The open seconds of a calendar: counted forwards, backwards and between.

    :param zone: the zone in which the wall times of ``week`` and ``dates`` are meant.
    :param week: the hours of each weekday.
    :param dates: the spans of the dates that differ from their weekday; none closes the date.
    :param maintenance: the periods that are cut out, in epoch seconds, in any order.
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
        # Without weekly hours only an exception opens, without a weekly gap only one closes: so a
        # search may stop a year beyond the outermost exception.
        years = [day.year for day in self._dates]
        years += [to_instant(end).year for _, end in self._maintenance]
        last_exception = min(max(years, default=FIRST_YEAR) + 1, LAST_YEAR)
        first_exception = max(min(years, default=LAST_YEAR) - 1, FIRST_YEAR)
        closed, gapless = week.is_closed, week.is_round_the_clock
        self._first_opening_year = first_exception if closed else FIRST_YEAR
        self._last_opening_year = last_exception if closed else LAST_YEAR
        self._last_closing_year = last_exception if gapless else LAST_YEAR

    def add(self, second: int, counted: int) -> int | None:
        """Return the first second before which ``counted`` > 0 open ones have passed, or None."""
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
        """Return the last second from which ``counted`` > 0 open ones pass, or None."""
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
        """Return the open seconds from ``start`` to ``end``; 0 if that is not later."""
        if end <= start:
            return 0
        first, last = year_of(start), year_of(end)
        between = sum(self._year(number).total for number in range(first, last))
        return between + self._year(last).before(end) - self._year(first).before(start)

    def is_open(self, second: int) -> bool:
        """Return whether the second is counted."""
        return self._year(year_of(second)).close_of(second) is not None

    def next_opening(self, second: int) -> int | None:
        """Return the first open second from ``second`` on, or None."""
        number = year_of(second)
        opening = self._year(number).next_open(second)
        while opening is None and number < self._last_opening_year:
            number += 1
            opening = self._year(number).next_open(second)
        return opening

    def next_closing(self, second: int) -> int | None:
        """Return the first closed second from ``second`` on, or None."""
        number = year_of(second)
        close = self._year(number).close_of(second)
        while close is not None:
            # A period that ends with the year may go on in the next.
            second = close
            if second < beginning_of(number + 1):
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
        first, last = beginning_of(number), beginning_of(number + 1)
        # A day's hours in UTC lie within two days of it: zones reach from -16 to +16 hours, a
        # span over midnight ends on the day after.
        days = date(number, 1, 1).toordinal() - 2, date(number, 12, 31).toordinal() + 2
        for opens, closes in _without(_joined(self._spans(*days)), self._maintenance):
            if opens < last and first < closes:
                yield max(opens, first), min(closes, last)

    def _spans(self, first: int, last: int) -> Iterator[_Seconds]:
        """Yield the spans that begin on days counted as ``date.toordinal`` does."""
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
    """Yield the periods sorted, with those that touch or overlap made one; no empty ones."""
    held: _Seconds | None = None
    for opens, closes in sorted(periods):
        if opens == closes:
            continue
        if held is None:
            held = opens, closes
        elif opens <= held[1]:
            held = held[0], max(held[1], closes)
        else:
            yield held
            held = opens, closes
    if held is not None:
        yield held


def _without(periods: Iterable[_Seconds], cuts: list[_Seconds]) -> Iterator[_Seconds]:
    """Yield what is left of sorted periods when the cuts are taken out."""
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
