"""The support calendar: the hours that count for the SLA clocks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.support_hours.compiled_calendar import CompiledCalendar
from helpdesk.domain.support_hours.day_off import DayOff
from helpdesk.domain.support_hours.instant import LAST_INSTANT, to_instant, to_second
from helpdesk.domain.support_hours.period import Period
from helpdesk.domain.support_hours.special_day import SpecialDay
from helpdesk.domain.support_hours.wall_clock import zone_named
from helpdesk.domain.support_hours.week_hours import WeekHours


@dataclass(frozen=True)
class SupportCalendar:
    """Weekly support hours in a time zone, and the dates and times that differ from them.

    For each date, a holiday overrides a special day, and a special day overrides the week.  They
    apply to the spans that begin on that date; a span that crosses midnight belongs to the date on
    which it begins.  Maintenance periods are closed in any case.  Wall times are converted to
    instants by the rule in :mod:`helpdesk.domain.support_hours.wall_clock`.

    Methods take aware datetimes (fractions of a second are dropped) and return UTC; durations are
    whole seconds of support time.  A period includes its start and excludes its end.  The methods
    raise RefusedError for an instant outside the years 1900 to 2999; results after 2999 count as
    "never".

    Equal calendars share one compiled timeline, so creating and comparing them is cheap.

    :ivar timezone: the IANA name of the time zone.
    :ivar holidays: the dates that are closed.
    :ivar special: the dates with their own hours.
    :ivar maintenance: the periods that are closed.
    :ivar holiday_names: what holidays are called, if that is known; it changes no hours, and equal
        calendars may differ in it.
    :raises RefusedError: if the time zone is unknown or a date has special hours twice.
    """

    timezone: str
    week: WeekHours
    holidays: frozenset[date] = frozenset()
    special: frozenset[SpecialDay] = frozenset()
    maintenance: frozenset[Period] = frozenset()
    holiday_names: Mapping[date, str] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        try:
            zone_named(self.timezone)
        except RefusedError as error:
            raise RefusedError(f"timezone: {error}") from error
        days = [special.day for special in self.special]
        if len(set(days)) < len(days):
            twice = min(day for day in days if days.count(day) > 1)
            raise RefusedError(f"special.{twice}: the date is listed twice: keep one.")

    def __getstate__(self) -> dict[str, object]:
        # Pickle the fields only; another process compiles its own timeline.
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def round_the_clock(cls, timezone: str = "UTC") -> "SupportCalendar":
        """Return a 24/7 calendar; the time zone only affects how times are shown."""
        return cls(timezone, WeekHours.round_the_clock())

    @classmethod
    def weekly(cls, timezone: str, hours: str, *holidays: date) -> "SupportCalendar":
        """Return a calendar with hours such as ``mon-fri 09:00-17:00`` (see WeekHours.parse)."""
        return cls(timezone, WeekHours.parse(hours), frozenset(holidays))

    @property
    def zone(self) -> ZoneInfo:
        """The calendar's time zone."""
        return zone_named(self.timezone)

    def add(self, start: datetime, seconds: int) -> datetime | None:
        """Return the first instant at which ``seconds`` of support time have passed since start.

        If that is at the end of a day's hours, the result is that end, not the start of the next
        hours.  For 0 seconds it is ``start`` itself.  None if the calendar never has so much time.

        :raises ValueError: if ``seconds`` is negative.
        """
        if seconds == 0:
            return _whole(start)
        return _instant(self._timeline.add(to_second(start), _positive(seconds)))

    def subtract(self, end: datetime, seconds: int) -> datetime | None:
        """Return the last instant from which ``seconds`` of support time pass until end.

        The mirror image of :meth:`add`: the result may be the start of a day's hours, but not the
        end of the hours before.  For 0 seconds it is ``end`` itself.  None if the calendar does not
        have so much time before ``end``.

        :raises ValueError: if ``seconds`` is negative.
        """
        if seconds == 0:
            return _whole(end)
        return _instant(self._timeline.subtract(to_second(end), _positive(seconds)))

    def elapsed(self, start: datetime, end: datetime) -> int:
        """Return the support seconds from start to end; 0 if ``end`` is not after ``start``."""
        return self._timeline.elapsed(to_second(start), to_second(end))

    def is_open(self, at: datetime) -> bool:
        """Return whether the second that begins at ``at`` is support time."""
        return self._timeline.is_open(to_second(at))

    def next_opening(self, at: datetime) -> datetime | None:
        """Return the first open instant at or after ``at``; None if there is none."""
        return _instant(self._timeline.next_opening(to_second(at)))

    def next_closing(self, at: datetime) -> datetime | None:
        """Return the first closed instant at or after ``at``; None if there is none."""
        return _instant(self._timeline.next_closing(to_second(at)))

    def periods(self, start: datetime) -> Iterator[Period]:
        """Yield the open periods from ``start`` on, in order; the iterator may be very long.

        The first period begins at ``start`` if that is open.  Periods do not touch.  A period that
        never ends has the last second of 2999 as its end.
        """
        opening = self.next_opening(start)
        while opening is not None:
            closing = self.next_closing(opening)
            if closing is None:
                yield Period(opening, LAST_INSTANT)
                return
            yield Period(opening, closing)
            opening = self.next_opening(closing)

    def days_off(self, first: date, last: date) -> Iterator[DayOff]:
        """Yield the holidays and special days that change the hours of the week, in order.

        :param first: the first day to look at; ``last`` is the last one.
        """
        special = {one.day: one for one in self.special}
        for day in sorted(day for day in (*self.holidays, *special) if first <= day <= last):
            if day in self.holidays:
                if self.week.days[day.weekday()]:
                    yield DayOff(day, self.holiday_names.get(day, ""))
            else:
                yield DayOff(day, "", special[day].spans)

    @cached_property
    def _timeline(self) -> CompiledCalendar:
        return _timeline_of(self)


def _whole(at: datetime) -> datetime:
    return to_instant(to_second(at))


def _instant(second: int | None) -> datetime | None:
    return None if second is None else to_instant(second)


def _positive(seconds: int) -> int:
    if seconds < 0:
        raise ValueError(f"seconds must not be negative: {seconds} is less than none")
    return seconds


def compile_calendar(calendar: SupportCalendar) -> CompiledCalendar:
    """Compile a calendar without the cache that the methods of SupportCalendar use."""
    return CompiledCalendar(
        calendar.zone,
        calendar.week,
        {
            **{special.day: special.spans for special in calendar.special},
            **dict.fromkeys(calendar.holidays, ()),
        },
        ((to_second(cut.start), to_second(cut.end)) for cut in calendar.maintenance),
    )


_timeline_of = lru_cache(maxsize=256)(compile_calendar)
