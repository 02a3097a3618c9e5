"""Reader of days off in iCalendar files (RFC 5545), as exported by calendars and holiday sites.

An all-day event closes those days; an event with times closes the support hours from its start to
its end.  Repeating events are expanded over the requested years, with the days that were added to
them (``RDATE``), taken from them (``EXDATE``) or moved (``RECURRENCE-ID``).  An event that was
cancelled closes nothing.
"""

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.support_hours import Period

if TYPE_CHECKING:
    from icalendar import Component

_SIZE_LIMIT = 4 * 1024 * 1024
#: The accepted frequencies of repeating events; an event that repeats hourly is not a day off.
_FREQUENCIES = frozenset({"YEARLY", "MONTHLY", "WEEKLY", "DAILY"})
_WITHIN_A_DAY = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
#: The properties that decide which days an event closes.
_DECISIVE = frozenset(
    {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"}
)
#: Repeating events are expanded from their start; nobody's holidays began earlier.
_FIRST_YEAR = 1900
_EVENT_LIMIT = 2_000
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DaysOff:
    """The whole days and the periods on which nobody works."""

    days: frozenset[date]
    periods: frozenset[Period]


def read_days_off(file: Path, years: range, zone: ZoneInfo) -> DaysOff:
    """Return the days off in an iCalendar file.

    :param years: the years for which repeating events are expanded.
    :param zone: the time zone of times that name none.
    :raises RefusedError: if the file cannot be read, is larger than 4 MiB or is not a valid
        iCalendar file.
    """
    from icalendar import Calendar  # imported here because the import takes 0.1 s

    try:
        if file.stat().st_size > _SIZE_LIMIT:
            raise RefusedError(f"{file.name} is larger than 4 MiB: keep only the days off in it.")
        calendar = Calendar.from_ical(file.read_bytes().removeprefix(BOM_UTF8))
    except OSError as error:
        raise RefusedError(f"{file} cannot be read ({error.strerror}): check its name.") from error
    except (ValueError, KeyError, IndexError) as error:
        raise RefusedError(f"{file.name} is no iCalendar file: {error!s:.100}.") from error
    days: set[date] = set()
    periods: set[Period] = set()
    events = calendar.walk("VEVENT")
    if len(events) > _EVENT_LIMIT:
        raise RefusedError(
            f"{file.name} has {len(events):,} events, at most {_EVENT_LIMIT:,} are read: keep only "
            "the days off in it."
        )
    if str(calendar.get("METHOD", "")).upper() == "CANCEL":
        return DaysOff(frozenset(), frozenset())
    replaced = _replaced(events)
    for event in events:
        try:
            _require_readable(event)
            if _is_cancelled(event):
                continue
            for start, end in _occurrences(event, years, replaced):
                if isinstance(start, datetime):
                    periods.add(Period(_instant(start, zone), _instant(end, zone)))
                else:
                    days.update(_days(start, end))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            title = str(event.get("SUMMARY", "without a title"))
            raise RefusedError(
                f"{file.name}: the event {title!r:.60} cannot be read: {error!s:.100}."
            ) from error
    return DaysOff(frozenset(days), frozenset(periods))


def _days(start: date, end: Any) -> Iterator[date]:
    while start < end:
        yield start
        start += _DAY


def _require_readable(event: "Component") -> None:
    """Check that icalendar could read what decides on the days; it only notes what it could not.

    :raises ValueError: if it could not.
    """
    for name, reason in event.errors:
        if name in _DECISIVE:
            raise ValueError(f"{name}: {reason}")
    if "EXRULE" in event:
        raise ValueError("days are taken from it by EXRULE: list them as EXDATE")


def _is_cancelled(event: "Component") -> bool:
    return str(event.get("STATUS", "")).strip().upper() == "CANCELLED"


def _replaced(events: "Iterable[Component]") -> set[tuple[str, Any]]:
    """Return (UID, start) of each occurrence that an event of its own moves or cancels."""
    return {
        (str(event.get("UID", "")), event.decoded("RECURRENCE-ID"))
        for event in events
        if "RECURRENCE-ID" in event
    }


def _occurrences(
    event: "Component", years: range, replaced: set[tuple[str, Any]]
) -> Iterator[tuple[date, Any]]:
    """Yield (start, end) of each occurrence of an event in these years; dates or datetimes."""
    start: Any = event.decoded("DTSTART")
    length = _length(event, start)
    if "RECURRENCE-ID" in event:
        if event["RECURRENCE-ID"].params.get("RANGE"):
            raise ValueError("it moves all later days, too: list the days one by one")
        found = {start: start + length}
        left_out: set[Any] = set()
    else:
        found = {each: each + length for each in _starts(event, start, years)}
        found |= _added(event, start, length)
        uid = str(event.get("UID", ""))
        left_out = _exceptions(event, start) | {
            _like(at, start) for of, at in replaced if of == uid
        }
    for occurrence, end in found.items():
        if occurrence.year in years and occurrence not in left_out:
            yield occurrence, end


def _added(event: "Component", start: Any, length: timedelta) -> dict[Any, Any]:
    """Return the start and end of each occurrence that the event lists by itself (``RDATE``)."""
    found = {}
    for added in _listed(event, "RDATE"):
        if isinstance(added, tuple):  # a period: its start, and its end or duration
            begin, end = added
            found[begin] = begin + end if isinstance(end, timedelta) else end
            if not timedelta(0) < found[begin] - begin <= 366 * _DAY:
                raise ValueError("a period in RDATE must end after it starts, and within a year")
        else:
            begin = _like(added, start)
            found[begin] = begin + length
    return found


def _listed(event: "Component", name: str) -> Iterator[Any]:
    """Yield the values of ``RDATE`` or ``EXDATE``, which may stand on several lines."""
    value = event.get(name, [])
    for dates in value if isinstance(value, list) else [value]:
        for each in dates.dts:
            yield each.dt


def _like(at: Any, start: Any) -> Any:
    """Return a day or time as the event's start is one, since some programs mix them."""
    if isinstance(start, datetime):
        return at if isinstance(at, datetime) else datetime.combine(at, start.timetz())
    return at.date() if isinstance(at, datetime) else at


def _length(event: "Component", start: Any) -> timedelta:
    if "DTEND" in event:
        length = event.decoded("DTEND") - start
    elif "DURATION" in event:
        length = event.decoded("DURATION")
    else:
        length = timedelta(0) if isinstance(start, datetime) else _DAY
    if not isinstance(length, timedelta) or length <= timedelta(0) or length > 366 * _DAY:
        raise ValueError("it must end after it starts, and within a year")
    return length


def _starts(event: "Component", start: Any, years: range) -> Iterable[Any]:
    rule = event.get("RRULE")
    if rule is None:
        return [start]
    if isinstance(rule, list) or not _is_of_a_holiday(rule, start.year):
        raise ValueError("it repeats in a way that no holiday does")
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

    # Expand the rule in local wall time, and compare its end in local wall time too.
    zone = start.tzinfo if isinstance(start, datetime) else None
    wall = start.replace(tzinfo=None) if zone else datetime.combine(start, time.min)
    if isinstance(start, datetime) and zone is None:
        wall = start
    text = ";".join(
        part for part in rule.to_ical().decode().split(";") if not part.startswith("UNTIL=")
    )
    until = _until(rule, wall, zone)
    last = min(until, datetime(years.stop - 1, 12, 31, 23, 59, 59))  # noqa: DTZ001  (wall time)
    first = datetime(years.start, 1, 1)  # noqa: DTZ001
    return [
        at.replace(tzinfo=zone) if isinstance(start, datetime) else at.date()
        for at in rrulestr(text, dtstart=wall).between(first, last, inc=True)
    ]


def _is_of_a_holiday(rule: Any, year: int) -> bool:
    """Return whether a rule can be expanded in little time: at most one day for each day."""
    return (
        set(rule.get("FREQ", ())) <= _FREQUENCIES
        and not _WITHIN_A_DAY & set(rule)
        and all(interval >= 1 for interval in rule.get("INTERVAL", ()))
        and year >= _FIRST_YEAR
    )


def _until(rule: Any, wall: datetime, zone: Any) -> datetime:
    values = rule.get("UNTIL")
    if not values:
        return datetime.max  # noqa: DTZ901  (wall time)
    until = values[0]
    if not isinstance(until, datetime):
        return datetime.combine(until, time.max)
    if until.tzinfo is not None and zone is not None:
        until = until.astimezone(zone)
    return until.replace(tzinfo=None)


def _exceptions(event: "Component", start: Any) -> set[Any]:
    return {_like(exception, start) for exception in _listed(event, "EXDATE")}


def _instant(at: Any, zone: ZoneInfo) -> datetime:
    local: datetime = at if at.tzinfo is not None else at.replace(tzinfo=zone)
    return local.astimezone(UTC).replace(microsecond=0)
