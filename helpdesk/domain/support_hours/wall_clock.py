"""Conversion of local wall times to instants.

The rule: a wall time of a date is the first instant at which the zone's wall clock shows that date
and time or later.  For days on which clocks change, it follows that:

- A skipped time (spring) is the instant of the change: ``02:30`` is when 02:00 becomes 03:00.  A
  span within the skipped hour is empty, and ``00:00``-``24:00`` has 23 hours.
- A repeated time (autumn) is the first of the two.  A span that ends after the repeated hour counts
  it twice, so ``00:00``-``24:00`` has 25 hours; ``02:15``-``02:45`` within that hour counts 30
  minutes and is closed the second time.

The conversion is monotonic, so spans that do not overlap on the wall clock do not overlap in time.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.support_hours.instant import EPOCH, SECOND, to_instant
from helpdesk.domain.support_hours.wall_time import DAY_MINUTES

_EPOCH_DAY = EPOCH.toordinal()

#: For steady_offsets: how many days before and after a day are checked, and the sampling step.
_MARGIN_DAYS, _STEP_DAYS = 2, 3


def zone_named(name: object) -> ZoneInfo:
    """Return the IANA time zone of that name.

    :raises RefusedError: if the system has no such zone.
    """
    try:
        if isinstance(name, str) and name:
            return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # zoneinfo opens a file of that name, so odd names raise various errors of the file system.
        pass
    raise RefusedError(f"{name!r:.60} is no time zone: use an IANA name like Europe/Berlin.")


def wall_instant(zone: ZoneInfo, day: date, minutes: int) -> int:
    """Return the epoch second at which the wall clock first shows ``day`` + ``minutes`` or later.

    :param minutes: minutes after the date's midnight; 1440 and more reach into the next date.
    """
    days, minute = divmod(minutes, DAY_MINUTES)
    ordinal = day.toordinal() + days
    wall = datetime.fromordinal(ordinal).replace(hour=minute // 60, minute=minute % 60, tzinfo=zone)
    shown = ((ordinal - _EPOCH_DAY) * DAY_MINUTES + minute) * 60
    # With fold=0, a repeated time has the first offset, a skipped one the offset before the change.
    before = _offset(wall)
    if _offset_at(zone, shown - before) == before:
        return shown - before
    return _change_within(zone, shown - _offset(wall.replace(fold=1)), shown - before, shown)


def steady_offsets(zone: ZoneInfo, first: int, last: int) -> list[int | None]:
    """Return the UTC offset in seconds around each of some days; None near a change of clocks.

    With an offset, the instant of a wall time is simply the wall time minus the offset; that is
    faster than :func:`wall_instant` and gives the same result.  The offset is sampled every third
    day only, because no zone has ever changed its offset and changed back within six days.

    :param first: the first day, as ``date.toordinal`` counts.
    :param last: the last day.
    """
    begin = first - _MARGIN_DAYS
    samples = [
        _offset_at(zone, (begin + day - _EPOCH_DAY) * DAY_MINUTES * 60)
        for day in range(0, last + 1 + _MARGIN_DAYS + _STEP_DAYS - begin, _STEP_DAYS)
    ]
    steady: list[int | None] = []
    for day in range(first, last + 1):
        # Offsets are up to 16 hours, and a span may end on the next day.
        low = (day - _MARGIN_DAYS - begin) // _STEP_DAYS
        high = -((begin - day - 1 - _MARGIN_DAYS) // _STEP_DAYS)
        nearby = samples[low : high + 1]
        steady.append(nearby[0] if nearby.count(nearby[0]) == len(nearby) else None)
    return steady


def _change_within(zone: ZoneInfo, low: int, high: int, shown: int) -> int:
    """Return the first second in (low, high] at which the wall clock shows ``shown`` or later."""
    while high - low > 1:
        middle = (low + high) // 2
        if middle + _offset_at(zone, middle) >= shown:
            high = middle
        else:
            low = middle
    return high


def _offset_at(zone: ZoneInfo, second: int) -> int:
    return _offset(to_instant(second).astimezone(zone))


def _offset(local: datetime) -> int:
    return (local.utcoffset() or timedelta()) // SECOND
