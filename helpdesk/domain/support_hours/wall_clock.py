"""What a local wall time means as an instant.

The rule: a wall time of a date is the first instant at which the zone's wall clock shows that
date and time or later.  It is all there is to say about days on which clocks change:

- Skipped times (spring) are the instant of the change: ``02:30`` is when 02:00 became 03:00, a
  span that lies within the skipped hour is empty, and ``00:00``-``24:00`` has 23 hours.
- Times that come twice (autumn) are the first of the two.  A span that ends after the repeated
  hour counts it twice, so ``00:00``-``24:00`` has 25 hours; ``02:15``-``02:45`` within it counts
  30 minutes and is closed the second time.

The mapping never goes backwards, so spans that are apart on the wall are apart in time.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.support_hours.instant import EPOCH, SECOND, to_instant
from helpdesk.domain.support_hours.wall_time import DAY_MINUTES

_EPOCH_DAY = EPOCH.toordinal()

#: Steady offsets: how many days around a day are looked at, and how far apart.
_AROUND, _EVERY = 2, 3


def zone_named(name: object) -> ZoneInfo:
    """Return the IANA time zone of that name.

    :raises RefusedError: if the system knows none.
    """
    try:
        if isinstance(name, str) and name:
            return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # A name is looked up as a file: odd ones fail in as many ways as paths do.
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
    # Of a time that comes twice this is the first offset, of a skipped one that before the change.
    before = _offset(wall)
    if _offset_at(zone, shown - before) == before:
        return shown - before
    return _change_within(zone, shown - _offset(wall.replace(fold=1)), shown - before, shown)


def steady_offsets(zone: ZoneInfo, first: int, last: int) -> list[int | None]:
    """Return what UTC is behind the wall clock, in seconds, around each of some days.

    None stands for a day near a change; around any other, wall time minus the offset is the
    instant, as :func:`wall_instant` would find out more slowly.  The offset is looked up every
    third day only: no zone has ever left its offset and come back to it within less than six.

    :param first: the first day, as ``date.toordinal`` counts; ``last`` is the last one.
    """
    begin = first - _AROUND
    samples = [
        _offset_at(zone, (begin + day - _EPOCH_DAY) * DAY_MINUTES * 60)
        for day in range(0, last + 1 + _AROUND + _EVERY - begin, _EVERY)
    ]
    steady: list[int | None] = []
    for day in range(first, last + 1):
        # Zones are up to 16 hours from UTC, and a span reaches into the next day.
        low = (day - _AROUND - begin) // _EVERY
        high = -((begin - day - 1 - _AROUND) // _EVERY)
        around = samples[low : high + 1]
        steady.append(around[0] if around.count(around[0]) == len(around) else None)
    return steady


def _change_within(zone: ZoneInfo, low: int, high: int, shown: int) -> int:
    """Return the first second after ``low``, up to ``high``, whose wall clock is past ``shown``."""
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
