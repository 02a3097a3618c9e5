"""Support calendars as JSON or TOML documents.

The format::

    {"timezone": "Europe/Berlin",
     "hours": {"mon": [["09:00", "17:00"]], "fri": [["09:00", "12:00"], ["22:00", "06:00"]]},
     "holidays": ["2024-12-25"],
     "special": {"2024-12-24": [["09:00", "12:00"]], "2024-12-27": []},
     "maintenance": [["2024-03-02T22:00:00Z", "2024-03-03T02:00:00Z"]],
     "holiday_names": {"2024-12-25": "Christmas Day"}}

``hours`` may also be a text, ``"mon-fri 09:00-17:00"`` or ``"24/7"``.  A weekday that is missing or
null is closed; ``holidays``, ``special``, ``maintenance`` and ``holiday_names`` may be missing or
null.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.support_hours.calendar import SupportCalendar
from helpdesk.domain.support_hours.document import as_list, as_object, prefix_errors, require_known
from helpdesk.domain.support_hours.instant import instant_text, parse_instant
from helpdesk.domain.support_hours.period import Period
from helpdesk.domain.support_hours.span import Span
from helpdesk.domain.support_hours.special_day import SpecialDay
from helpdesk.domain.support_hours.wall_time import WallTime
from helpdesk.domain.support_hours.week_hours import WEEKDAYS, WeekHours, weekday_number

_KEYS = ("timezone", "hours", "holidays", "special", "maintenance", "holiday_names")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_calendar(document: object, place: str = "calendar") -> SupportCalendar:
    """Parse a calendar from a document in the format above.

    :param place: the name of the document in error sentences.
    :raises RefusedError: naming the place and the mistake: ``calendar.hours.tue[1]: …``.
    """
    parts = as_object(document, place)
    require_known(parts, _KEYS, place)
    for key in ("timezone", "hours"):
        if key not in parts:
            raise RefusedError(f"{place}: {key!r} is missing: add it.")
    week = _parse_week(parts["hours"], f"{place}.hours")
    holidays = [
        _parse_date(text, f"{place}.holidays[{index}]")
        for index, text in enumerate(as_list(_optional(parts, "holidays", []), f"{place}.holidays"))
    ]
    special = [
        _parse_special(text, spans, f"{place}.special")
        for text, spans in as_object(_optional(parts, "special", {}), f"{place}.special").items()
    ]
    maintenance = [
        _parse_period(pair, f"{place}.maintenance[{index}]")
        for index, pair in enumerate(
            as_list(_optional(parts, "maintenance", []), f"{place}.maintenance")
        )
    ]
    with prefix_errors(f"{place}."):
        return SupportCalendar(
            timezone=parts["timezone"],  # type: ignore[arg-type]  # checked by the calendar
            week=week,
            holidays=frozenset(holidays),
            special=frozenset(special),
            maintenance=frozenset(maintenance),
            holiday_names=_parse_names(parts, f"{place}.holiday_names"),
        )


def _parse_names(parts: Mapping[str, object], place: str) -> dict[date, str]:
    names = as_object(_optional(parts, "holiday_names", {}), place)
    return {_parse_date(text, place): str(name) for text, name in names.items()}


def _optional(parts: Mapping[str, object], key: str, default: object) -> object:
    value = parts.get(key)
    return default if value is None else value


def dump_calendar(calendar: SupportCalendar) -> dict[str, object]:
    """Return a document that :func:`parse_calendar` parses into an equal calendar."""
    document: dict[str, object] = {
        "timezone": calendar.timezone,
        "hours": {
            name: _dump_spans(spans)
            for name, spans in zip(WEEKDAYS, calendar.week.days, strict=True)
        },
        "holidays": [day.isoformat() for day in sorted(calendar.holidays)],
    }
    if calendar.special:
        document["special"] = {
            special.day.isoformat(): _dump_spans(special.spans)
            for special in sorted(calendar.special, key=lambda special: special.day)
        }
    if calendar.maintenance:
        document["maintenance"] = [
            [instant_text(period.start), instant_text(period.end)]
            for period in sorted(calendar.maintenance)
        ]
    if calendar.holiday_names:
        document["holiday_names"] = {
            day.isoformat(): name for day, name in sorted(calendar.holiday_names.items())
        }
    return document


def _parse_week(hours: object, place: str) -> WeekHours:
    if isinstance(hours, str):
        with prefix_errors(f"{place}: "):
            return WeekHours.parse(hours)
    days: list[tuple[Span, ...]] = [()] * len(WEEKDAYS)
    for name, spans in as_object(hours, place).items():
        with prefix_errors(f"{place}: "):
            index = weekday_number(name)
        days[index] = _parse_spans([] if spans is None else spans, f"{place}.{name}")
    with prefix_errors(f"{place}."):
        return WeekHours(tuple(days))


def _parse_special(text: str, spans: object, place: str) -> SpecialDay:
    day = _parse_date(text, place)
    parsed = _parse_spans(spans, f"{place}.{text}")
    with prefix_errors(f"{place}."):
        return SpecialDay(day, parsed)


def _parse_spans(spans: object, place: str) -> tuple[Span, ...]:
    return tuple(
        _parse_span(pair, f"{place}[{index}]") for index, pair in enumerate(as_list(spans, place))
    )


def _parse_span(value: object, place: str) -> Span:
    begins, ends = _pair(value, place, 'two times like ["09:00", "17:00"]')
    with prefix_errors(f"{place}: "):
        return Span(WallTime.parse(begins), WallTime.parse_end(ends))


def _parse_period(value: object, place: str) -> Period:
    start, end = _pair(value, place, "two UTC times like 2024-01-02T09:00:00Z")
    with prefix_errors(f"{place}: "):
        return Period(parse_instant(start), parse_instant(end))


def _pair(value: object, place: str, shape: str) -> tuple[object, object]:
    parts = as_list(value, place)
    if len(parts) != 2:
        raise RefusedError(f"{place}: a list of {shape} is needed, not {len(parts)} values.")
    return parts[0], parts[1]


def _parse_date(text: object, place: str) -> date:
    try:
        if isinstance(text, str) and _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise RefusedError(f"{place}: {text!r:.40} is no date: write it as YYYY-MM-DD.")


def _dump_spans(spans: Iterable[Span]) -> list[list[str]]:
    return [[str(span.begins), str(span.ends)] for span in spans]
