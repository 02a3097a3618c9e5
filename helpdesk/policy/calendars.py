"""Reader of ``[calendars.NAME]``: support hours, holidays, special days and maintenance.

Rules for days (a country's holidays, an iCalendar file, every 24 December) are resolved into dates
here, so that a stored calendar does not change when a package or a file changes.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.support_hours import SupportCalendar, parse_calendar
from helpdesk.domain.support_hours.instant import instant_text
from helpdesk.domain.support_hours.week_hours import WEEKDAYS
from helpdesk.policy.context import PolicyContext
from helpdesk.policy.icalendar_file import read_days_off
from helpdesk.policy.public_holidays import public_holidays
from helpdesk.policy.table import Table, parse_date

_HOST = "host"
_UTC = "UTC"
_CLOSED = SupportCalendar.weekly(_UTC, "closed")
#: Any date, for checking the hours of a special day.
_SAMPLE_DAY = "2000-01-01"
_EVERY_YEAR = re.compile(r"[0-9]{2}-[0-9]{2}")


def read_calendars(
    document: Table, context: PolicyContext, zone: str
) -> dict[str, SupportCalendar]:
    """Return the calendars by name; mistakes are reported and left out of their calendar.

    :param zone: the time zone of calendars that name none.
    """
    return {
        name: _CalendarReader(table, zone, context).read()
        for name, table in document.tables("calendars")
    }


def read_timezone(document: Table, context: PolicyContext) -> str:
    """Return the time zone of the desk and of all calendars that name none.

    An unknown one is reported, and is UTC then.
    """
    return _zone(document, context, _HOST)


def _zone(table: Table, context: PolicyContext, default: str) -> str:
    """Return the time zone of a table; an unknown one is reported."""
    name = table.text("timezone", default)
    if name == _HOST:
        return context.host_zone
    try:
        SupportCalendar.round_the_clock(name)
    except RefusedError as error:
        if "timezone" in table:
            table.reject("timezone", str(error).removeprefix("timezone: "))
        return _UTC
    return name


class _CalendarReader:
    """Reads one calendar."""

    def __init__(self, table: Table, default_zone: str, context: PolicyContext) -> None:
        self._table = table
        self._context = context
        self._zone = _zone(table, context, default_zone)
        #: Holidays of a country or an iCalendar file.
        self._looked_up: set[date] = set()
        #: Holidays that the policy lists itself.
        self._listed: set[date] = set()
        self._maintenance: list[Any] = []
        #: What holidays of a country are called.
        self._names: dict[date, str] = {}

    def read(self) -> SupportCalendar:
        table = self._table
        table.allow(
            "timezone", "hours", "holidays", "public_holidays", "holiday_files", "special",
            "maintenance",
        )  # fmt: skip
        table.require("hours")
        self._read_public_holidays()
        self._read_files()
        for index, value in enumerate(table.items("holidays")):
            self._listed.update(self._dates(value, ("holidays", index)))
        special = self._special()
        self._read_maintenance()
        document: dict[str, Any] = {
            "hours": self._hours(),
            # A special day in the policy overrides a holiday that was looked up, but not one that
            # the policy lists itself.
            "holidays": [day.isoformat() for day in sorted(self._looked_up - set(special))]
            + [day.isoformat() for day in sorted(self._listed)],
            "special": {day.isoformat(): spans for day, spans in special.items()},
            "maintenance": self._maintenance,
            "holiday_names": {day.isoformat(): name for day, name in self._names.items()},
        }
        return self._parse(document, "hours", ("hours",)) or _CLOSED

    def _hours(self) -> object:
        """Return the hours of the week without the days that have mistakes."""
        hours = self._table.values.get("hours", "closed")
        if not isinstance(hours, Mapping):
            return hours if self._is_valid({"hours": hours}, "hours", ("hours",)) else "closed"
        valid = {}
        for name, value in hours.items():
            spans = _spans(value)
            place = f"hours.{name}" if name in WEEKDAYS else "hours"
            if self._is_valid({"hours": {name: spans}}, place, ("hours", name)):
                valid[name] = spans
        return valid

    def _special(self) -> dict[date, Any]:
        """Return the spans of each date with special hours."""
        found: dict[date, Any] = {}
        # A full date (2026-12-24) overrides a day of every year (12-24), which has a shorter key.
        items = sorted(self._table.table("special").values.items(), key=lambda item: len(item[0]))
        for key, value in items:
            spans = _spans(value)
            if not self._is_valid(
                {"special": {_SAMPLE_DAY: spans}}, f"special.{_SAMPLE_DAY}", ("special", key)
            ):
                continue
            days = self._dates(key, ("special", key))
            found.update(dict.fromkeys(days, spans))
            if self._listed.intersection(days):
                self._reject(("special", key), "is among the holidays, too: keep one of the two.")
        return found

    def _dates(self, value: object, path: tuple[str | int, ...]) -> list[date]:
        """Return the date of a value; for ``12-24`` the date in each year of the context.

        :param path: the keys of the value in this table, for reporting a mistake.
        """
        try:
            if isinstance(value, str) and _EVERY_YEAR.fullmatch(value):
                return list(_every_year(value, self._context.years))
            return [parse_date(value)]
        except ValueError:
            pass
        self._reject(
            path,
            f"{value!r:.40} is no date: write it as YYYY-MM-DD, or MM-DD for every year.",
        )
        return []

    def _read_public_holidays(self) -> None:
        table = self._table
        if "public_holidays" not in table:
            return
        choice = table.table("public_holidays")
        choice.allow("country", "region")
        choice.require("country")
        country, region = choice.text("country"), choice.text("region")
        if not country:
            return
        try:
            found = public_holidays(country, region, self._context.years)
        except RefusedError as error:
            table.reject("public_holidays", str(error))
            return
        self._looked_up |= set(found.names)
        self._names |= found.names
        for words in found.warnings:
            table.warn("public_holidays", f"{' '.join(words.split())[:300]}")
        known = {day.year for day in found.names}
        lacking = [year for year in self._context.years if year not in known]
        ahead = [str(year) for year in lacking if year >= self._context.today.year]
        if ahead:
            text = _("no holidays of {country} are known for {years}: they are known until {last}.")
            last = max(known, default="–")
            words = text.format(country=country, years=", ".join(ahead), last=last)
            table.warn("public_holidays", words)

    def _read_files(self) -> None:
        for index, name in enumerate(self._table.texts("holiday_files")):
            try:
                found = read_days_off(
                    self._file(name),
                    self._context.years,
                    SupportCalendar.round_the_clock(self._zone).zone,
                )
            except RefusedError as error:
                self._table.reject("holiday_files", str(error), index)
                continue
            self._looked_up |= found.days
            self._maintenance += [
                [instant_text(period.start), instant_text(period.end)]
                for period in sorted(found.periods)
            ]

    def _read_maintenance(self) -> None:
        for index, value in enumerate(self._table.items("maintenance")):
            pair = [_time_text(part) for part in value] if isinstance(value, list) else value
            if self._is_valid({"maintenance": [pair]}, "maintenance[0]", ("maintenance", index)):
                self._maintenance.append(pair)

    def _file(self, name: str) -> Path:
        if not self._context.names_files:
            raise RefusedError(
                "a policy that comes over SSH can name no files of the host: list the days under "
                "holidays, or apply the policy on the host."
            )
        try:
            path = Path(name).expanduser()
        except RuntimeError as error:
            raise RefusedError(f"{name}: there is no such home folder.") from error
        if not path.is_absolute():
            if self._context.folder is None:
                raise RefusedError(f"{name} is a relative path: write the whole path here.")
            path = self._context.folder / path
        return path

    def _is_valid(self, document: dict[str, Any], place: str, path: tuple[str | int, ...]) -> bool:
        """Whether a part of a calendar can be parsed; a mistake is reported."""
        return self._parse({"hours": "closed", **document}, place, path) is not None

    def _parse(
        self, document: dict[str, Any], place: str, path: tuple[str | int, ...]
    ) -> SupportCalendar | None:
        """Parse a document in the format of ``calendar_file``; a mistake is reported.

        :param place: the place in the document that ``path`` stands for; it is removed from the
            error sentence, because the report names ``path``.
        :param path: the keys in this table at which a mistake is reported.
        """
        try:
            return parse_calendar({"timezone": self._zone, **document}, "")
        except RefusedError as error:
            sentence = str(error).removeprefix(f".{place}").lstrip(":. ")
            self._reject(path, sentence)
            return None

    def _reject(self, path: tuple[str | int, ...], sentence: str) -> None:
        self._table.reject(path[0], sentence, *path[1:])


def _spans(value: object) -> object:
    """Return the hours of a day as a list of spans, also from ``09:00-12:00, 13:00-17:00``."""
    if value == "closed":
        return []
    if isinstance(value, str):
        return [[part.strip() for part in span.split("-")] for span in value.split(",")]
    return value


def _time_text(value: object) -> object:
    """Return a TOML date-time as ISO 8601 text, and any other value unchanged."""
    return value.isoformat() if isinstance(value, datetime) else value


def _every_year(text: str, years: range) -> Iterator[date]:
    date.fromisoformat(f"2000-{text}")  # a leap year: raises if no year has this day
    for year in years:
        try:
            yield date.fromisoformat(f"{year:04}-{text}")
        except ValueError:
            continue  # 29 February
