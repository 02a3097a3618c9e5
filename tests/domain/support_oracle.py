"""A test oracle for support hours: slow and simple, and it shares no code with the calendar.

It goes through UTC minute by minute, keeps the latest local time that the wall clock has shown so
far, and checks whether that time lies in a span.  "Shown so far" is the rule for days on which
clocks change: a wall time begins at the first instant that shows it or a later time.

The module also has the hypothesis strategies for calendars.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from helpdesk.domain.support_hours import (
    Period,
    Span,
    SpecialDay,
    SupportCalendar,
    WallTime,
    WeekHours,
)

DAYS = 12
MINUTES = DAYS * 1440
_RUN_UP = 3

#: Windows of twelve days in which the wall clock changes in an unusual way or the year ends.
WINDOWS = (
    ("UTC", date(2023, 12, 26)),
    ("Europe/Berlin", date(2024, 3, 25)),
    ("Europe/Berlin", date(2024, 10, 21)),
    ("Europe/Dublin", date(2024, 10, 22)),
    ("America/New_York", date(2024, 3, 5)),
    ("America/New_York", date(2024, 10, 29)),
    ("America/Sao_Paulo", date(2018, 10, 31)),  # clocks go forward at midnight
    ("America/Sao_Paulo", date(2019, 2, 12)),  # back at midnight: 23:00 is repeated
    ("America/St_Johns", date(2011, 3, 8)),  # at one minute past midnight
    ("America/St_Johns", date(2010, 11, 2)),
    ("Australia/Lord_Howe", date(2024, 4, 2)),  # by half an hour
    ("Australia/Lord_Howe", date(2024, 10, 1)),
    ("Antarctica/Troll", date(2024, 3, 26)),  # by two hours
    ("Africa/Casablanca", date(2024, 3, 5)),
    ("Asia/Kathmandu", date(2024, 6, 28)),
    ("Pacific/Kiritimati", date(2024, 12, 27)),  # 14 hours ahead, at the end of the year
    ("Pacific/Apia", date(2011, 12, 24)),  # a date that was skipped
    ("Pacific/Marquesas", date(2020, 12, 27)),
)


@cache
def _shown(timezone: str, first: date) -> tuple[int, ...]:
    """Return, for each UTC minute of the window, the latest local minute shown so far."""
    zone = ZoneInfo(timezone)
    start = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=_RUN_UP)
    origin = datetime(first.year, first.month, first.day)  # noqa: DTZ001 - a wall time
    latest = -(10**9)
    shown = []
    for minute in range(MINUTES + _RUN_UP * 1440):
        local = (start + timedelta(minutes=minute)).astimezone(zone).replace(tzinfo=None)
        latest = max(latest, (local - origin) // timedelta(minutes=1))
        shown.append(latest)
    return tuple(shown[_RUN_UP * 1440 :])


class Oracle:
    """The open minutes of a calendar in a window of days."""

    def __init__(self, calendar: SupportCalendar, first: date) -> None:
        self.start = datetime(first.year, first.month, first.day, tzinfo=UTC)
        days = range(-_RUN_UP, DAYS + _RUN_UP)
        wall = [False] * (len(days) * 1440 + 2880)
        for day in days:
            for span in self._spans(calendar, first + timedelta(days=day)):
                begin, end = span.begins.minutes, span.ends.minutes
                end += 1440 if end <= begin else 0
                offset = (day + _RUN_UP) * 1440
                wall[offset + begin : offset + end] = [True] * (end - begin)
        self.open = [wall[at + _RUN_UP * 1440] for at in _shown(calendar.timezone, first)]
        for cut in calendar.maintenance:
            begin = max(0, (cut.start - self.start) // timedelta(minutes=1))
            end = min(MINUTES, (cut.end - self.start) // timedelta(minutes=1))
            for minute in range(begin, end):
                self.open[minute] = False

    @staticmethod
    def _spans(calendar: SupportCalendar, day: date) -> tuple[Span, ...]:
        if day in calendar.holidays:
            return ()
        for special in calendar.special:
            if special.day == day:
                return special.spans
        return calendar.week.days[day.weekday()]

    def elapsed(self, start: int, end: int) -> int:
        """Return the open seconds between two seconds of the window."""
        total = 0
        for minute in range(start // 60, min(MINUTES, end // 60 + 1)):
            if self.open[minute]:
                total += max(0, min(end, minute * 60 + 60) - max(start, minute * 60))
        return total

    def add(self, start: int, seconds: int) -> int | None:
        """Return the first second by which ``seconds`` open ones passed; None: after the window."""
        at, left = start, seconds
        while left:
            if at // 60 >= MINUTES:
                return None
            ends = (at // 60 + 1) * 60
            if self.open[at // 60]:
                step = min(left, ends - at)
                left -= step
                at += step
            else:
                at = ends
        return at

    def subtract(self, end: int, seconds: int) -> int | None:
        """Return the last second with ``seconds`` open ones to ``end``; None: before the window."""
        at, left = end, seconds
        while left:
            minute = (at - 1) // 60
            if minute < 0:
                return None
            if self.open[minute]:
                step = min(left, at - minute * 60)
                left -= step
                at -= step
            else:
                at = minute * 60
        return at

    def next_minute(self, at: int, *, opens: bool) -> int | None:
        """Return the first open (or closed) second from ``at`` on; None: not in the window."""
        for minute in range(at // 60, MINUTES):
            if self.open[minute] is opens:
                return max(at, minute * 60)
        return None

    def instant(self, second: int) -> datetime:
        """Return a second of the window as a datetime."""
        return self.start + timedelta(seconds=second)


_EDGES = (0, 1, 60, 90, 120, 121, 135, 150, 165, 180, 210, 240, 540, 1020, 1380, 1410, 1439)
_minutes = st.one_of(st.sampled_from(_EDGES), st.integers(0, 1439))


@st.composite
def day_spans(draw: st.DrawFn, latest_end: int) -> tuple[Span, ...]:
    """Draw up to three spans of a day that do not overlap.

    :param latest_end: the latest end of a span, in minutes after the day's midnight.
    """
    edges = sorted(draw(st.sets(_minutes, max_size=6)))
    ends = [*edges[1::2], draw(st.integers(min(1440, latest_end), latest_end))]
    spans = []
    for begin, end in zip(edges[::2], ends, strict=False):
        if begin < end < begin + 1440:
            over = end - 1440 if end > 1440 else end
            spans.append(Span(WallTime(begin), WallTime(over)))
    return tuple(spans)


@st.composite
def weeks(draw: st.DrawFn) -> WeekHours:
    """Draw a week: often an ordinary one, sometimes 24/7 or closed, sometimes with night shifts."""
    plain = draw(st.sampled_from(("24/7", "closed", "mon-fri 09:00-17:00", "", "", "", "")))
    if plain:
        return WeekHours.parse(plain)
    days: list[tuple[Span, ...]] = [draw(day_spans(1440))]
    for _ in range(6):
        days.insert(0, draw(day_spans(1440 + _first_begin(days[0]))))
    # Let Sunday's last span cross midnight into Monday.
    if days[6] and _first_begin(days[0]) and draw(st.booleans()):
        last = days[6][-1]
        end = min(_first_begin(days[0]), last.begins.minutes - 1)
        if end > 0:
            days[6] = (*days[6][:-1], Span(last.begins, WallTime(end)))
    return WeekHours(tuple(days))


def _first_begin(spans: tuple[Span, ...]) -> int:
    return min((span.begins.minutes for span in spans), default=1439)


@st.composite
def windows(draw: st.DrawFn) -> tuple[SupportCalendar, date]:
    """Draw a calendar, and the first day of a window that contains its exceptions."""
    timezone, first = draw(st.sampled_from(WINDOWS))
    return draw(calendars(timezone, first)), first


@st.composite
def calendars(draw: st.DrawFn, timezone: str, first: date) -> SupportCalendar:
    """Draw a calendar of the time zone with its exceptions in the window."""
    dates = st.integers(-1, DAYS).map(lambda day: first + timedelta(days=day))
    origin = datetime(first.year, first.month, first.day, tzinfo=UTC)
    cuts = []
    for start, length in draw(
        st.lists(st.tuples(st.integers(0, MINUTES), st.integers(1, 3000)), max_size=2)
    ):
        begin = origin + timedelta(minutes=start)
        cuts.append(Period(begin, begin + timedelta(minutes=length)))
    special = draw(st.dictionaries(dates, st.integers(1440, 2879).flatmap(day_spans), max_size=3))
    return SupportCalendar(
        timezone=timezone,
        week=draw(weeks()),
        holidays=frozenset(draw(st.sets(dates, max_size=2))),
        special=frozenset(SpecialDay(day, spans) for day, spans in special.items()),
        maintenance=frozenset(cuts),
    )


#: Draws a second of the window, most often near the edge of a minute or an hour.
seconds = st.one_of(
    st.integers(0, MINUTES * 60),
    st.tuples(st.integers(0, DAYS * 24 - 1), st.sampled_from((0, 1, 59, 1799, 1800, 3599))).map(
        lambda parts: parts[0] * 3600 + parts[1]
    ),
)
