"""The period of a report, as people name it: days, weeks and months of the host's own zone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.span import SpanFormat, SpanUnit

_BACK = SpanFormat(
    {"h": SpanUnit.HOUR, "d": SpanUnit.DAY, "w": SpanUnit.WEEK, "m": SpanUnit.MONTH},
    count=r"[1-9]\d{0,3}",
)
_MONTH = re.compile(r"(\d{4})-(\d\d)")
#: More parts than this are no chart that anybody can read.
MOST_PARTS = 400
#: What happens now belongs to a period that ends now.
_THIS_SECOND = timedelta(seconds=1)


class Part(StrEnum):
    """Into what a period can be cut."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """``[start, end)``, aware UTC datetimes; ``label`` is how a person calls it."""

    start: datetime
    end: datetime
    label: str

    def parts(self, part: Part) -> Iterator["Period"]:
        """Yield the days, weeks (from Monday on) or months in it, cut at its ends.

        :raises RefusedError: if there are too many.
        """
        day = _first_day(self.start.astimezone().date(), part)
        for _ in range(MOST_PARTS):
            begin, day = day, _next(day, part)
            start, end = max(midnight(begin), self.start), min(midnight(day), self.end)
            if start >= self.end:
                return
            yield Period(start, end, f"{begin:%Y-%m}" if part is Part.MONTH else begin.isoformat())
        raise RefusedError(
            f"the period {self.label} has more than {MOST_PARTS} {part}s: name a shorter one, or "
            f"cut it into {'weeks' if part is Part.DAY else 'months'}."
        )


def midnight(day: date) -> datetime:
    """Return when a day of the host's zone begins, in UTC."""
    return datetime.combine(day, time()).astimezone().astimezone(UTC)


def last(text: str, now: datetime) -> Period:
    """Read ``12h``, ``7d``, ``4w`` or ``3m`` (months): so long until now.

    :raises RefusedError: if it is none of these.
    """
    parts = _BACK.read(text.strip())
    if not parts:
        raise RefusedError(f"{text[:40]!r} is no span such as 24h, 7d, 4w or 3m.")
    back = parts[0]
    try:
        if back.unit is SpanUnit.MONTH:  # of the calendar, to the same day
            here = now.astimezone()
            months = here.year * 12 + here.month - 1 - back.count
            first = date(months // 12, months % 12 + 1, 1)
            until = min(here.day, (_next(first, Part.MONTH) - timedelta(days=1)).day)
            start = here.replace(year=first.year, month=first.month, day=until).astimezone(UTC)
        else:
            start = now - timedelta(seconds=back.seconds)
    except (ValueError, OverflowError):
        raise RefusedError(f"{text[:40]} is longer than time goes back: name a shorter one.") from (
            None
        )
    return Period(start, now + _THIS_SECOND, f"last {back.count}{back.letter}")


def month(text: str) -> Period:
    """Read ``2026-10``.

    :raises RefusedError: if it is no month.
    """
    found = _MONTH.fullmatch(text.strip())
    try:
        first = date(int(found.group(1)), int(found.group(2)), 1) if found else None
        if first is not None:
            return Period(midnight(first), midnight(_next(first, Part.MONTH)), f"{first:%Y-%m}")
    except (ValueError, OverflowError):
        pass
    raise RefusedError(f"{text[:40]!r} is no month such as 2026-10.")


def between(start: str, end: str, now: datetime) -> Period:
    """Read two ends, each a day or a time; the day of the end is included.

    :param end: "" for now.
    :raises RefusedError: if one is no time, or the end is not after the start.
    """
    begin = _read(start, last_day=False)
    until = _read(end, last_day=True) if end else now + _THIS_SECOND
    if until <= begin:
        raise RefusedError(f"the period ends ({end or 'now'}) before it begins ({start}).")
    return Period(begin, until, f"{start} to {end or 'now'}")


def _read(text: str, *, last_day: bool) -> datetime:
    text = text.strip()
    try:
        if len(text) == len("2026-10-01"):
            day = date.fromisoformat(text)
            return midnight(_next(day, Part.DAY) if last_day else day)
        return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError, OSError):
        raise RefusedError(
            f"{text[:40]!r} is neither a day such as 2026-10-01 nor a time such as "
            "2026-10-01T09:00."
        ) from None


def _first_day(day: date, part: Part) -> date:
    match part:
        case Part.WEEK:
            return day - timedelta(days=day.weekday())
        case Part.MONTH:
            return day.replace(day=1)
    return day


def _next(day: date, part: Part) -> date:
    match part:
        case Part.WEEK:
            return day + timedelta(days=7)
        case Part.MONTH:
            return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return day + timedelta(days=1)
