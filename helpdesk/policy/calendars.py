"""``[calendars.NAME]``: support hours, with holidays, special days and maintenance.

Whatever names days by rule (a country, a file, every 24 December) is resolved into dates here, so
that a calendar means the same later on, whatever becomes of the packages and files.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.support_hours import SupportCalendar, parse_calendar
from helpdesk.domain.support_hours.instant import instant_text
from helpdesk.domain.support_hours.week_hours import WEEKDAYS
from helpdesk.policy.context import Surroundings
from helpdesk.policy.icalendar_file import read_days_off
from helpdesk.policy.public_holidays import public_holidays
from helpdesk.policy.table import Table, parse_date

_HOST = "host"
_UTC = "UTC"
_CLOSED = SupportCalendar.weekly(_UTC, "closed")
#: A date to try a special day's hours with.
_ANY_DAY = "2000-01-01"
_EVERY_YEAR = re.compile(r"[0-9]{2}-[0-9]{2}")


def read_calendars(document: Table, around: Surroundings) -> dict[str, SupportCalendar]:
    """Return the calendars by name; of one with mistakes, whatever can be read."""
    zone = _zone(document, around, _HOST)
    return {
        name: _Calendar(table, zone, around).read() for name, table in document.tables("calendars")
    }


def _zone(table: Table, around: Surroundings, default: str) -> str:
    """Return the time zone that a table names; one that is unknown is reported."""
    named = table.text("timezone", default)
    if named == _HOST:
        return around.host_zone
    try:
        SupportCalendar.round_the_clock(named)
    except RefusedError as error:
        if "timezone" in table:
            table.reject("timezone", str(error).removeprefix("timezone: "))
        return _UTC
    return named


class _Calendar:
    def __init__(self, table: Table, default_zone: str, around: Surroundings) -> None:
        self._table = table
        self._around = around
        self._zone = _zone(table, around, default_zone)
        #: Days off that are looked up, and those that the file names one by one.
        self._looked_up: set[date] = set()
        self._named: set[date] = set()
        self._maintenance: list[Any] = []

    def read(self) -> SupportCalendar:
        table = self._table
        table.allow(
            "timezone", "hours", "holidays", "public_holidays", "holiday_files", "special",
            "maintenance",
        )  # fmt: skip
        table.need("hours")
        self._read_public_holidays()
        self._read_files()
        for place, value in enumerate(table.items("holidays")):
            self._named.update(self._dates(value, ("holidays", place)))
        special = self._special()
        self._read_maintenance()
        document: dict[str, Any] = {
            "hours": self._hours(),
            # The file knows better than a country's list that its 24 December is half a day.
            "holidays": [day.isoformat() for day in sorted(self._looked_up - set(special))]
            + [day.isoformat() for day in sorted(self._named)],
            "special": {day.isoformat(): spans for day, spans in special.items()},
            "maintenance": self._maintenance,
        }
        return self._parsed(document, "hours", ("hours",)) or _CLOSED

    def _hours(self) -> object:
        """Return the week's hours, less the days that are reported."""
        hours = self._table.values.get("hours", "closed")
        if not isinstance(hours, Mapping):
            return hours if self._fits({"hours": hours}, "hours", ("hours",)) else "closed"
        kept = {}
        for name, spans in hours.items():
            below = ("hours", name)
            plain = _spans(spans)
            place = f"hours.{name}" if name in WEEKDAYS else "hours"
            if self._fits({"hours": {name: plain}}, place, below):
                kept[name] = plain
        return kept

    def _special(self) -> dict[date, Any]:
        """Return the spans of each date with hours of its own."""
        found: dict[date, Any] = {}
        # What is said of one year goes before what is said of every year.
        keys = sorted(self._table.table("special").values.items(), key=lambda item: len(item[0]))
        for key, spans in keys:
            plain = _spans(spans)
            if not self._fits(
                {"special": {_ANY_DAY: plain}}, f"special.{_ANY_DAY}", ("special", key)
            ):
                continue
            days = self._dates(key, ("special", key))
            found.update(dict.fromkeys(days, plain))
            if self._named.intersection(days):
                self._reject(("special", key), "is among the holidays, too: keep one of the two.")
        return found

    def _dates(self, value: object, below: tuple[str | int, ...]) -> list[date]:
        """Return the date that is meant, or of ``12-24`` that day of every year."""
        try:
            if isinstance(value, str) and _EVERY_YEAR.fullmatch(value):
                return list(_every_year(value, self._around.years))
            return [parse_date(value)]
        except ValueError:
            pass
        self._reject(
            below,
            f"{value!r:.40} is no date: write it as YYYY-MM-DD, or MM-DD for every year.",
        )
        return []

    def _read_public_holidays(self) -> None:
        table = self._table
        if "public_holidays" not in table:
            return
        named = table.table("public_holidays")
        named.allow("country", "region")
        named.need("country")
        country, region = named.text("country"), named.text("region")
        if not country:
            return
        try:
            self._looked_up |= public_holidays(country, region, self._around.years)
        except RefusedError as error:
            table.reject("public_holidays", str(error))

    def _read_files(self) -> None:
        for place, name in enumerate(self._table.texts("holiday_files")):
            try:
                found = read_days_off(
                    self._file(name),
                    self._around.years,
                    SupportCalendar.round_the_clock(self._zone).zone,
                )
            except RefusedError as error:
                self._table.reject("holiday_files", str(error), place)
                continue
            self._looked_up |= found.days
            self._maintenance += [
                [instant_text(period.start), instant_text(period.end)]
                for period in sorted(found.periods)
            ]

    def _read_maintenance(self) -> None:
        for place, value in enumerate(self._table.items("maintenance")):
            pair = [_plain(part) for part in value] if isinstance(value, list) else value
            if self._fits({"maintenance": [pair]}, "maintenance[0]", ("maintenance", place)):
                self._maintenance.append(pair)

    def _file(self, name: str) -> Path:
        try:
            path = Path(name).expanduser()
        except RuntimeError as error:
            raise RefusedError(f"{name}: there is no such home folder.") from error
        if not path.is_absolute():
            if self._around.folder is None:
                raise RefusedError(f"{name} can be named by its whole path only here.")
            path = self._around.folder / path
        return path

    def _fits(self, document: dict[str, Any], place: str, below: tuple[str | int, ...]) -> bool:
        return self._parsed({"hours": "closed", **document}, place, below) is not None

    def _parsed(
        self, document: dict[str, Any], place: str, below: tuple[str | int, ...]
    ) -> SupportCalendar | None:
        """Return the calendar of a document in the domain's shape; what is wrong is reported.

        :param place: the document's place that ``below`` names already.
        """
        try:
            return parse_calendar({"timezone": self._zone, **document}, "")
        except RefusedError as error:
            sentence = str(error).removeprefix(f".{place}").lstrip(":. ")
            self._reject(below, sentence)
            return None

    def _reject(self, below: tuple[str | int, ...], sentence: str) -> None:
        self._table.reject(below[0], sentence, *below[1:])


def _spans(value: object) -> object:
    """Return spans in the domain's shape; a text ``09:00-12:00, 13:00-17:00`` is as good."""
    if value == "closed":
        return []
    if isinstance(value, str):
        return [[part.strip() for part in span.split("-")] for span in value.split(",")]
    return value


def _plain(value: object) -> object:
    """Return TOML's own time as the text that the domain reads."""
    return value.isoformat() if isinstance(value, datetime) else value


def _every_year(text: str, years: range) -> Iterator[date]:
    date.fromisoformat(f"2000-{text}")  # a leap year: raises if the day is in no year
    for year in years:
        try:
            yield date.fromisoformat(f"{year:04}-{text}")
        except ValueError:
            continue  # 29 February
