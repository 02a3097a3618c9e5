"""The mapping file, which describes the columns of another program's export.

TOML::

    [source]
    name = "zendesk"                # tickets are identified by this name and their id there
    format = "json"                 # csv, tsv or json (an array, an object with one, JSON lines)
    rows = "tickets"                # one row per ticket; "states": one row per state of a ticket
    list = "tickets"                # json: the key of the list, if it is not at the top
    times = ["iso"]                 # or strptime formats, epoch, local; tried in turn
    dates = "day-first"             # or "month-first": the order of day and month
    timezone = "UTC"                # of times without a time zone
    missing = ["", "?"]             # values that mean "not known"

    [ticket]                        # a column, a list (the first that is not empty), a template
    id = "id"
    subject = "subject"
    body = { template = "{category}: {symptom}" }
    queue = { column = "Team", pattern = "(L[1-4])" }    # a part of the text
    created_at = { column = "at", row = "first" }        # of the ticket's first row
    …                               # see FIELDS

    [values.state]                  # their value = ours; "*" in a value is any text
    solved = "resolved"
    "waiting for *" = "pending"

    [comments]                      # json: a list; csv: columns of one name with "time;author;text"
    list = "comments"
    at = "created_at"
    …

    [defaults]
    requester_domain = "old.invalid"  # makes addresses for people without one in the file
"""

import re
import tomllib
from collections.abc import Mapping as Dict
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.parsing import parse_toml
from helpdesk.exchange.fields import FieldSpec
from helpdesk.exchange.mapping_parts import FIELDS, WORDS, CommentSpec, ImportMapping
from helpdesk.exchange.times import ORDERS
from helpdesk.exchange.words import WordTable

_REQUIRED = ("id", "subject", "state", "created_at")
_SOURCE = {
    "name", "format", "rows", "list", "times", "dates", "timezone", "missing", "encoding",
    "delimiter",
}  # fmt: skip
_COMMENTS = {
    "list", "column", "at", "author", "text", "subject", "sender", "public", "internal", "html",
    "first_is_body", "requester", "automatic",
}  # fmt: skip
_DEFAULTS = {"queue", "channel", "kind", "impact", "urgency", "service", "customer", "waiting"}
_DEFAULTS |= {"requester_domain"}
_FORMATS = ("csv", "tsv", "json")
_ROWS = ("tickets", "states")
_FIELD_KEYS = {"column", "columns", "template", "pattern", "row"}


def built_in_mappings() -> tuple[str, ...]:
    """Return the names of the built-in mappings."""
    names = (file.name for file in files("helpdesk.exchange.mappings").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load_mapping(name: str) -> ImportMapping:
    """Load a built-in mapping by name, or one from a file: a path, or a name ending in .toml.

    :raises RefusedError: if it cannot be read or is not valid.
    """
    if name in built_in_mappings():
        text = files("helpdesk.exchange.mappings").joinpath(f"{name}.toml").read_text("utf-8")
    elif "/" not in name and not name.endswith(".toml"):
        raise RefusedError(
            f"there is no ready mapping {name[:60]!r}: ready ones are "
            f"{', '.join(built_in_mappings())}; "
            "a file of yours ends in .toml."
        )
    else:
        try:
            text = Path(name).expanduser().read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise RefusedError(
                f"the mapping {name} cannot be read ({error}); ready ones are "
                f"{', '.join(built_in_mappings())}."
            ) from error
    try:
        return parse_mapping(parse_toml(text), name)
    except tomllib.TOMLDecodeError as error:
        raise RefusedError(f"the mapping {name} is not TOML: {error}.") from error


def parse_mapping(document: Dict[str, Any], name: str) -> ImportMapping:
    """Build a mapping from the content of its file.

    :raises RefusedError: if it is not valid; it says what is wrong.
    """
    check = _Checker(name)
    check.keys("", document, {"source", "ticket", "values", "comments", "agents", "defaults"})
    source = check.table(document, "source")
    check.keys("source", source, _SOURCE)
    ticket = check.table(document, "ticket")
    check.keys("ticket", ticket, set(FIELDS))
    for required in _REQUIRED:
        if required not in ticket:
            raise check.error(f"[ticket] names no {required}")
    form = str(source.get("format", "csv"))
    rows = str(source.get("rows", "tickets"))
    if form not in _FORMATS or rows not in _ROWS:
        raise check.error(f"format is one of {', '.join(_FORMATS)}, rows one of {', '.join(_ROWS)}")
    if rows == "states" and "at" not in ticket:
        raise check.error('rows = "states" needs [ticket] at: the time from which a row is valid')
    dates = str(source.get("dates", ""))
    if dates and dates not in ORDERS:
        raise check.error(f"[source] dates is one of {', '.join(ORDERS)}")
    values = check.table(document, "values")
    check.keys("values", values, set(WORDS))
    defaults = check.table(document, "defaults")
    check.keys("defaults", defaults, _DEFAULTS)
    return ImportMapping(
        name=str(source.get("name", Path(name).stem)),
        format=form,
        by_states=rows == "states",
        where=str(source.get("list", "")),
        times=tuple(map(str, source.get("times", ["iso"]))),
        dates=dates,
        zone=check.zone(str(source.get("timezone", "UTC"))),
        missing=frozenset(map(str, source.get("missing", [""]))),
        encoding=str(source.get("encoding", "utf-8-sig")),
        delimiter="\t" if form == "tsv" else check.delimiter(str(source.get("delimiter", ","))),
        fields={key: check.spec(key, value) for key, value in ticket.items()},
        values={name: check.words(f"values.{name}", table) for name, table in values.items()},
        agents=check.words("agents", check.table(document, "agents")),
        defaults={str(key): str(value) for key, value in defaults.items()},
        comments=_comments(check, check.table(document, "comments")),
    )


def with_dates(mapping: ImportMapping, order: str) -> ImportMapping:
    """Return a mapping with another order of day and month.

    :raises RefusedError: if there is no such order.
    """
    if order not in ORDERS:
        raise RefusedError(f"the order of dates is one of {', '.join(ORDERS)}, not {order!r}.")
    return replace(mapping, dates=order)


def _comments(check: "_Checker", table: Dict[str, Any]) -> CommentSpec | None:
    if not table:
        return None
    check.keys("comments", table, _COMMENTS)
    if ("list" in table) == ("column" in table):
        raise check.error("[comments] needs either list or column")
    given = ("list", "column", "requester", "automatic")
    rest: dict[str, Any] = {key: value for key, value in table.items() if key not in given}
    return CommentSpec(
        where=str(table.get("list", table.get("column"))),
        columns="column" in table,
        requester=check.texts("[comments] requester", table.get("requester", [])),
        automatic=WordTable(
            dict.fromkeys(check.texts("[comments] automatic", table.get("automatic", [])), "yes")
        ),
        **rest,
    )


class _Checker:
    """Checks the parts of a mapping file; makes the error that names it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def error(self, problem: str) -> RefusedError:
        return RefusedError(f"the mapping {self._name} is not valid: {problem}.")

    def table(self, document: Dict[str, Any], key: str) -> Dict[str, Any]:
        value = document.get(key, {})
        if not isinstance(value, dict):
            raise self.error(f"[{key}] must be a table")
        return value

    def keys(self, where: str, table: Dict[str, Any], known: set[str]) -> None:
        for key in table:
            if key not in known:
                place = f"[{where}]" if where else "the file"
                raise self.error(f"{place} has {key!r}; known are {', '.join(sorted(known))}")

    def spec(self, key: str, value: Any) -> FieldSpec:
        if isinstance(value, str | list):
            return FieldSpec(self.texts(f"[ticket] {key}", value))
        if not isinstance(value, dict) or set(value) - _FIELD_KEYS:
            raise self.error(
                f"[ticket] {key} must be a column, a list of columns or a table with column or "
                "template, and pattern and row if needed"
            )
        places = [name for name in ("column", "columns", "template") if name in value]
        if len(places) != 1:
            raise self.error(f"[ticket] {key} needs one of column and template")
        row = value.get("row", "last")
        if row not in ("first", "last"):
            raise self.error(f'[ticket] {key}: row is "first" or "last"')
        template = str(value["template"]) if places == ["template"] else ""
        return FieldSpec(
            columns=() if template else self.texts(f"[ticket] {key}", value.get(places[0])),
            template=template,
            pattern=self._pattern(key, value.get("pattern")),
            from_first=row == "first",
        )

    def _pattern(self, key: str, pattern: Any) -> re.Pattern[str] | None:
        try:
            return None if pattern is None else re.compile(str(pattern))
        except re.error as error:
            raise self.error(f"[ticket] {key}: the pattern is wrong ({error})") from error

    def texts(self, place: str, value: Any) -> tuple[str, ...]:
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise self.error(f"{place} must be a text or a list of texts")
        if place.startswith("[ticket]") and not found:
            raise self.error(f"{place} must be a column, a list of columns or {{ template = … }}")
        return tuple(found)

    def words(self, place: str, table: Any) -> WordTable:
        if not isinstance(table, dict):
            raise self.error(f"[{place}] must be a table")
        return WordTable({str(word): str(ours) for word, ours in table.items()})

    def delimiter(self, text: str) -> str:
        if len(text) != 1:
            raise self.error("[source] delimiter is one character")
        return text

    def zone(self, name: str) -> ZoneInfo:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise self.error(f"{name!r} is not a time zone") from None
