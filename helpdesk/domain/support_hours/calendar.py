"""When support is given: the calendar that SLA clocks count by."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.support_hours.compiled_calendar import Timeline
from helpdesk.domain.support_hours.instant import LAST_INSTANT, to_instant, to_second
from helpdesk.domain.support_hours.period import Period
from helpdesk.domain.support_hours.special_day import SpecialDay
from helpdesk.domain.support_hours.wall_clock import zone_named
from helpdesk.domain.support_hours.week_hours import WeekHours


@dataclass(frozen=True)
class SupportCalendar:
    """Weekly support hours in a time zone, and the dates and times that differ from them.

    Of two statements about a date the stronger holds: a holiday closes it whatever else is said,
    a special day's hours replace the weekday's, else the week's hours hold.  Each speaks of the
    spans that begin on that date; a span that runs in over midnight belongs to the day before.
    Maintenance is cut out of whatever is open.  Wall times become instants by the rule of
    :mod:`helpdesk.domain.support_hours.wall_clock`.

    Instants are aware datetimes (fractions of a second are dropped), results are in UTC;
    durations are whole seconds of support time.  A period is open from its first second up to,
    and without, its end.  An instant outside the years 1900 to 2999 is a RefusedError, and what
    would come later than that is never.

    Equal calendars share one compiled timeline: make and compare them freely.

    :raises RefusedError: if the time zone is unknown or a date is special twice.
    """

    timezone: str
    week: WeekHours
    holidays: frozenset[date] = frozenset()
    special: frozenset[SpecialDay] = frozenset()
    maintenance: frozenset[Period] = frozenset()

    def __post_init__(self) -> None:
        try:
            zone_named(self.timezone)
        except RefusedError as error:
            raise RefusedError(f"timezone: {error}") from error
        days = [special.day for special in self.special]
        if len(set(days)) < len(days):
            twice = min(day for day in days if days.count(day) > 1)
            raise RefusedError(f"special.{twice}: the date is there twice: keep one.")

    def __getstate__(self) -> dict[str, object]:
        # What travels to another process is the statement; the timeline is compiled anew there.
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def round_the_clock(cls, timezone: str = "UTC") -> "SupportCalendar":
        """Return 24/7; the time zone only matters for how times are shown."""
        return cls(timezone, WeekHours.round_the_clock())

    @classmethod
    def weekly(cls, timezone: str, hours: str, *holidays: date) -> "SupportCalendar":
        """Return the calendar of hours like ``mon-fri 09:00-17:00`` (see WeekHours.parse)."""
        return cls(timezone, WeekHours.parse(hours), frozenset(holidays))

    @property
    def zone(self) -> ZoneInfo:
        """The calendar's time zone."""
        return zone_named(self.timezone)

    def add(self, start: datetime, seconds: int) -> datetime | None:
        """Return the first instant at which ``seconds`` of support time have passed since start.

        That is the end of today's hours, not the start of tomorrow's; ``start`` itself for 0;
        None if the calendar never gives so much time.
        """
        if seconds == 0:
            return _whole(start)
        return _instant(self._timeline.add(to_second(start), _positive(seconds)))

    def subtract(self, end: datetime, seconds: int) -> datetime | None:
        """Return the last instant from which ``seconds`` of support time pass until end.

        The mirror of :meth:`add`: the start of today's hours, not the end of yesterday's; ``end``
        itself for 0; None if the calendar never gave so much time.
        """
        if seconds == 0:
            return _whole(end)
        return _instant(self._timeline.subtract(to_second(end), _positive(seconds)))

    def elapsed(self, start: datetime, end: datetime) -> int:
        """Return the seconds of support time between; 0 if ``end`` is not after ``start``."""
        return self._timeline.elapsed(to_second(start), to_second(end))

    def is_open(self, at: datetime) -> bool:
        """Return whether the second that begins at ``at`` is support time."""
        return self._timeline.is_open(to_second(at))

    def next_opening(self, at: datetime) -> datetime | None:
        """Return the first open instant from ``at`` on (``at`` itself if open); None if never."""
        return _instant(self._timeline.next_opening(to_second(at)))

    def next_closing(self, at: datetime) -> datetime | None:
        """Return the first closed instant from ``at`` on (``at`` if closed); None if never."""
        return _instant(self._timeline.next_closing(to_second(at)))

    def periods(self, start: datetime) -> Iterator[Period]:
        """Yield the open periods from ``start`` on, in order, for as long as they are asked for.

        The first begins at ``start`` if that is open.  Periods are apart; one that never ends is
        given the last second of 2999 as its end.
        """
        opening = self.next_opening(start)
        while opening is not None:
            closing = self.next_closing(opening)
            if closing is None:
                yield Period(opening, LAST_INSTANT)
                return
            yield Period(opening, closing)
            opening = self.next_opening(closing)

    @cached_property
    def _timeline(self) -> Timeline:
        return _timeline_of(self)


def _whole(at: datetime) -> datetime:
    return to_instant(to_second(at))


def _instant(second: int | None) -> datetime | None:
    return None if second is None else to_instant(second)


def _positive(seconds: int) -> int:
    if seconds < 0:
        raise ValueError(f"support time runs one way: {seconds} seconds are less than none")
    return seconds


def compile_calendar(calendar: SupportCalendar) -> Timeline:
    """Return what counts by a calendar; calendars share it, so that few need to call this."""
    return Timeline(
        calendar.zone,
        calendar.week,
        {
            **{special.day: special.spans for special in calendar.special},
            **dict.fromkeys(calendar.holidays, ()),
        },
        ((to_second(cut.start), to_second(cut.end)) for cut in calendar.maintenance),
    )


_timeline_of = lru_cache(maxsize=256)(compile_calendar)
