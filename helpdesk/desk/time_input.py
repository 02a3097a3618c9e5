"""Read points in time as people type them."""

import re
from datetime import datetime, time, timedelta

from helpdesk.domain.desk_zone import from_local, to_local
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.span import SpanFormat, SpanUnit

_FROM_NOW = SpanFormat(
    {"m": SpanUnit.MINUTE, "h": SpanUnit.HOUR, "d": SpanUnit.DAY, "w": SpanUnit.WEEK},
    count=r"\d{1,4}",
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = re.compile(
    rf"(?P<day>tomorrow|today|(?:{'|'.join(_DAYS)})[a-z]*)?\s*(?P<time>\d{{1,2}}:\d{{2}})?",
    re.IGNORECASE,
)
_MORNING = "09:00"


def read_until(text: str, now: datetime) -> datetime | None:
    """Read a time in the future.

    It may be a span from now ("2h"), a day ("tomorrow", "fri 14:00", "14:00") or an ISO 8601 time.
    A time without a zone is in the desk's zone; a day without a time means 09:00.

    :param now: the current time; the result has its zone.
    :returns: None for a blank text.
    :raises RefusedError: if the text is none of these, or the time has passed.
    """
    text = text.strip()
    if not text:
        return None
    try:
        at = _span(text, now) or _day(text, now) or _instant(text, now)
    except (ValueError, OverflowError, OSError):
        raise RefusedError(
            f"{text[:40]!r} is neither a span such as 30m, 2h, 3d nor a time such as "
            "2026-12-01 09:00, tomorrow or fri 14:00."
        ) from None
    if at <= now:
        raise RefusedError(f"{text[:40]} has passed already: name a time in the future.")
    return at


def _span(text: str, now: datetime) -> datetime | None:
    parts = _FROM_NOW.read(text)
    return now + timedelta(seconds=parts[0].seconds) if parts else None


def _day(text: str, now: datetime) -> datetime | None:
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    here = to_local(now)
    hour, minute = (found["time"] or _MORNING).split(":")
    clock = time(int(hour), int(minute))
    day = (found["day"] or "").lower()
    if day == "tomorrow":
        ahead = 1
    elif day[:3] in _DAYS:
        ahead = (_DAYS.index(day[:3]) - here.weekday()) % 7
    else:
        ahead = 0
    at = _at(here, ahead, clock, now)
    if at <= now and day != "today" and day != "tomorrow":
        # The time has passed today: take the next such weekday, or tomorrow.
        at = _at(here, ahead + (7 if day else 1), clock, now)
    return at


def _at(here: datetime, ahead: int, clock: time, now: datetime) -> datetime:
    local = datetime.combine(here.date() + timedelta(days=ahead), clock)
    return from_local(local).astimezone(now.tzinfo)


def _instant(text: str, now: datetime) -> datetime:
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else from_local(at)).astimezone(now.tzinfo).replace(microsecond=0)
