"""Conversion of instants between aware UTC datetimes, epoch seconds and ISO 8601 text."""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from helpdesk.domain.errors import RefusedError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)

#: The years for which support time is computed; other years are taken for typing mistakes.
FIRST_YEAR = 1900
LAST_YEAR = 2999


def to_second(at: datetime) -> int:
    """Return an aware datetime as an epoch second; a fraction of a second is dropped."""
    return (at - EPOCH) // SECOND


def to_instant(second: int) -> datetime:
    """Return an epoch second as an aware UTC datetime."""
    return EPOCH + timedelta(seconds=second)


def _first_seconds() -> list[int]:
    leap = (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) for year in _YEARS)
    first = to_second(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))
    return list(accumulate(((365 + is_leap) * 86_400 for is_leap in leap), initial=first))


_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
#: The first second of each year, and of the year after the last one.
_YEAR_STARTS = _first_seconds()
_FIRST_SECOND, _LAST_SECOND = _YEAR_STARTS[0], _YEAR_STARTS[-1] - 1


def year_start(year: int) -> int:
    """Return the first epoch second of a UTC year (``FIRST_YEAR`` to ``LAST_YEAR + 1``)."""
    return _YEAR_STARTS[year - FIRST_YEAR]


#: The last instant for which support time is computed; also the end of a period that never ends.
LAST_INSTANT = to_instant(_LAST_SECOND)


def year_of(second: int) -> int:
    """Return the UTC year of an epoch second.

    :raises RefusedError: if it lies outside the years for which support time is computed.
    """
    if not _FIRST_SECOND <= second <= _LAST_SECOND:
        raise RefusedError(
            f"the time is outside the years {FIRST_YEAR} to {LAST_YEAR}: check the date."
        )
    return FIRST_YEAR - 1 + bisect_right(_YEAR_STARTS, second)


def parse_instant(text: object) -> datetime:
    """Parse an ISO 8601 time with ``Z`` or an offset; return aware UTC in whole seconds.

    A fraction of a second is dropped.

    :raises RefusedError: if it is not an ISO 8601 text, has no offset, or lies outside the years
        for which support time is computed.
    """
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        at = None
    if at is None:
        raise RefusedError(f"{text!r:.40} is no time: write it like 2024-01-02T09:00:00Z.")
    if at.tzinfo is None:
        raise RefusedError(
            f"{text!r:.40} names no time zone: end it with Z for UTC, or an offset like +01:00."
        )
    second = to_second(at)
    year_of(second)
    return to_instant(second)


def instant_text(at: datetime) -> str:
    """Return an aware datetime as ISO 8601 in UTC: ``2024-01-02T09:00:00Z``."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def optional_instant_text(at: datetime | None) -> str | None:
    """Return :func:`instant_text` of a datetime, or None for None."""
    return None if at is None else instant_text(at)
