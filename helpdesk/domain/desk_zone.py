"""The desk's time zone: that of the policy in force, whatever the zone of the process is.

Days, weeks and months of figures and queries begin at midnight of this zone, times that people type
without a zone are read in it, and times are shown in it.  A process has one desk open, so that its
zone is a setting of the process.  Until it is set, it is the zone of the host.
"""

from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

_zone: tzinfo | None = None
_name = ""


def use(name: str) -> None:
    """Set the zone by its IANA name; "" for that of the host."""
    global _zone, _name
    _zone, _name = (ZoneInfo(name) if name else None), name


def name() -> str:
    """Return the IANA name of the zone; for that of the host its abbreviation, such as ``CET``."""
    return _name or f"{datetime.now(UTC).astimezone():%Z}"


def to_local(at: datetime) -> datetime:
    """Return a time (with a zone) in the desk's zone."""
    return at.astimezone(_zone)


def from_local(at: datetime) -> datetime:
    """Return a time that names no zone, which is in the desk's zone, as UTC.

    A time that occurs twice is the first of the two.

    :raises OverflowError: if it is too near the years 1 or 9999 to be converted.
    """
    return (at.replace(tzinfo=_zone) if _zone else at).astimezone(UTC)


def midnight(day: date) -> datetime:
    """Return the beginning of a day of the desk's zone, as UTC."""
    return from_local(datetime.combine(day, time()))


def day_of(at: datetime) -> date:
    """Return the day of the desk's zone in which a time (with a zone) lies."""
    return to_local(at).date()


def local_time_text(at: datetime | None) -> str:
    """Return a time in the desk's zone, such as ``2026-12-01 10:00``; ``-`` for None."""
    return "-" if at is None else f"{to_local(at):%Y-%m-%d %H:%M}"


def zoned_text(at: datetime) -> str:
    """Return a time with the desk's zone, such as ``2026-12-01 10:00 (Europe/Berlin)``."""
    return f"{local_time_text(at)} ({name()})"


def span_text(start: datetime, end: datetime) -> str:
    """Return a period with its zone: ``2026-10-01 00:00 to 2026-11-01 00:00 (Europe/Berlin)``."""
    return f"{local_time_text(start)} to {local_time_text(end)} ({name()})"


def zone_hint(now: datetime) -> str:
    """Return the desk's zone in parentheses after a blank if the process is in another; else ""."""
    same = to_local(now).utcoffset() == now.astimezone().utcoffset()
    return "" if same else f" ({name()})"
