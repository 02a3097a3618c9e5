"""The period of a report, in days, weeks and months of the desk's time zone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from helpdesk.domain.desk_zone import day_of, from_local, midnight, to_local
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.span import SpanFormat, SpanUnit

_LAST = SpanFormat(
    {"h": SpanUnit.HOUR, "d": SpanUnit.DAY, "w": SpanUnit.WEEK, "m": SpanUnit.MONTH},
    count=r"[1-9]\d{0,3}",
)
_MONTH = re.compile(r"(\d{4})-(\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR = re.compile(r"(\d{4})(?:[ -]?[qQ]([1-4]))?")
_BETWEEN = re.compile(r"(\d{4}-\d\d-\d\d) ?(?:to|\.\.) ?(\d{4}-\d\d-\d\d|now)")
#: The maximum number of parts of a period; a chart with more cannot be read.
MAX_PARTS = 400
#: Up to so many days a trend goes by day, and by week.
_DAYS_BY_DAY, _DAYS_BY_WEEK = 35, 190
#: Added to a period that ends now, so that it includes the current second.
_THIS_SECOND = timedelta(seconds=1)


class PeriodPart(StrEnum):
    """The parts into which a period can be divided."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """A period ``[start, end)`` in UTC; ``label`` is its name for people."""

    start: datetime
    end: datetime
    label: str

    @property
    def fitting_part(self) -> PeriodPart:
        """The parts by which its trend can be read."""
        days = (self.end - self.start).days
        if days <= _DAYS_BY_DAY:
            return PeriodPart.DAY
        return PeriodPart.WEEK if days <= _DAYS_BY_WEEK else PeriodPart.MONTH

    def parts(self, part: PeriodPart) -> Iterator["ReportPeriod"]:
        """Yield its days, weeks (from Monday) or months; the first and last are cut at its ends.

        :raises RefusedError: if there are more than :data:`MAX_PARTS`.
        """
        day = _first_day(day_of(self.start), part)
        for _ in range(MAX_PARTS):
            begin, day = day, _next(day, part)
            start, end = max(midnight(begin), self.start), min(midnight(day), self.end)
            if start >= self.end:
                return
            yield ReportPeriod(
                start, end, f"{begin:%Y-%m}" if part is PeriodPart.MONTH else begin.isoformat()
            )
        raise RefusedError(
            f"the period {self.label} has more than {MAX_PARTS} {part}s: name a shorter one, or "
            f"divide it into {'weeks' if part is PeriodPart.DAY else 'months'}."
        )


def last(text: str, now: datetime) -> ReportPeriod:
    """Return the period from this time ago until now: ``12h``, ``7d``, ``4w`` or ``3m`` (months).

    :raises RefusedError: if the text is none of these.
    """
    parts = _LAST.read(text.strip())
    if not parts:
        raise RefusedError(f"{text[:40]!r} is no span: write --last 24h, 7d, 4w or 3m.")
    back = parts[0]
    try:
        if back.unit is SpanUnit.MONTH:  # calendar months, back to the same day
            local = to_local(now)
            months = local.year * 12 + local.month - 1 - back.count
            first = date(months // 12, months % 12 + 1, 1)
            day = min(local.day, (_next(first, PeriodPart.MONTH) - timedelta(days=1)).day)
            start = local.replace(year=first.year, month=first.month, day=day).astimezone(UTC)
        else:
            start = now - timedelta(seconds=back.seconds)
    except (ValueError, OverflowError):
        raise RefusedError(f"{text[:40]} goes back too far: name a shorter period (--last).") from (
            None
        )
    return ReportPeriod(start, now + _THIS_SECOND, f"last {back.count}{back.letter}")


def chosen(text: str, now: datetime) -> ReportPeriod:
    """Return the period that a text names: any of those below, and what :func:`last` reads.

    ``2026`` is a year, ``2026-Q3`` a quarter, ``2026-08`` a month, ``2026-08-14`` a day, and
    ``2019-11-01 to 2026-10-31`` the days between two days, both included; ``to`` may be ``..``.

    :raises RefusedError: if the text is none of these.
    """
    words = " ".join(text.split())
    found = _BETWEEN.fullmatch(words)
    if found:
        return between(found[1], "" if found[2] == "now" else found[2], now)
    if _DAY.fullmatch(words):
        return between(words, words, now)
    if _MONTH.fullmatch(words):
        return month(words)
    found = _YEAR.fullmatch(words)
    try:
        if found:
            quarter = int(found[2] or 1)
            first = date(int(found[1]), quarter * 3 - 2, 1)
            end = first
            for _ in range(3 if found[2] else 12):
                end = _next(end, PeriodPart.MONTH)
            label = f"{first:%Y}" + (f" Q{quarter}" if found[2] else "")
            return ReportPeriod(midnight(first), midnight(end), label)
        return last(words, now)
    except (ValueError, OverflowError, RefusedError):
        raise RefusedError(
            f"{text[:40]!r} is no period: write 7d, 4w, 84m, 2026, 2026-Q3, 2026-08, 2026-08-14 or "
            "2019-11-01 to 2026-10-31."
        ) from None


def month(text: str) -> ReportPeriod:
    """Return the period of a month such as ``2026-10``.

    :raises RefusedError: if the text is not a month.
    """
    found = _MONTH.fullmatch(text.strip())
    try:
        first = date(int(found.group(1)), int(found.group(2)), 1) if found else None
        if first is not None:
            return ReportPeriod(
                midnight(first), midnight(_next(first, PeriodPart.MONTH)), f"{first:%Y-%m}"
            )
    except (ValueError, OverflowError):
        pass
    raise RefusedError(f"{text[:40]!r} is no month: write --month 2026-10.")


def between(start: str, end: str, now: datetime) -> ReportPeriod:
    """Return the period between two days or times; an end that is a day is included.

    :param end: "" for now.
    :raises RefusedError: if one of them cannot be read, or the end is not after the start.
    """
    begin = _read(start, last_day=False)
    until = _read(end, last_day=True) if end else now + _THIS_SECOND
    if until <= begin:
        raise RefusedError(f"the period ends ({end or 'now'}) before it begins ({start}).")
    return ReportPeriod(begin, until, f"{start} to {end or 'now'}")


def _read(text: str, *, last_day: bool) -> datetime:
    text = text.strip()
    try:
        if len(text) == len("2026-10-01"):
            day = date.fromisoformat(text)
            return midnight(_next(day, PeriodPart.DAY) if last_day else day)
        at = datetime.fromisoformat(text)
        return (at.astimezone(UTC) if at.tzinfo else from_local(at)).replace(microsecond=0)
    except (ValueError, OverflowError, OSError):
        raise RefusedError(
            f"{text[:40]!r} is neither a day such as 2026-10-01 nor a time such as "
            "2026-10-01T09:00."
        ) from None


def _first_day(day: date, part: PeriodPart) -> date:
    match part:
        case PeriodPart.WEEK:
            return day - timedelta(days=day.weekday())
        case PeriodPart.MONTH:
            return day.replace(day=1)
    return day


def _next(day: date, part: PeriodPart) -> date:
    match part:
        case PeriodPart.WEEK:
            return day + timedelta(days=7)
        case PeriodPart.MONTH:
            return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return day + timedelta(days=1)
