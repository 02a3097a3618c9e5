"""The mapping file, which describes the columns of another program's export.

TOML::

    [source]
    name = "zendesk"                # tickets are identified by this name and their id there
    format = "json"                 # csv, tsv or json (an array, an object with one, JSON lines)
    rows = "tickets"                # one row per ticket; "states": one row per state of a ticket
    list = "tickets"                # json: the key of the list, if it is not at the top
    times = ["iso"]                 # or strptime formats, tried in turn
    timezone = "UTC"                # of times without a time zone
    missing = ["", "?"]             # values that mean "not known"

    [ticket]                        # a column, a list (the first that is not empty), a template
    id = "id"
    subject = "subject"
    body = { template = "{category}: {symptom}" }
    …                               # see FIELDS

    [values.state]                  # their value = ours; "*" is any other value
    solved = "resolved"

    [comments]                      # json: a list; csv: columns of one name with "time;author;text"
    list = "comments"
    at = "created_at"
    …

    [defaults]
    requester_domain = "old.invalid"  # makes addresses for people without one in the file
"""

import tomllib
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.parsing import parse_toml

#: The fields of a ticket that a mapping can fill.
FIELDS = (
    "id", "subject", "body", "kind", "state", "impact", "urgency", "priority", "group", "channel",
    "service", "customer", "requester", "requester_name", "requester_phone", "callback", "assignee",
    "created_at", "updated_at", "responded_at", "resolved_at", "closed_at", "hand_overs",
    "reopenings", "csat", "sla_met", "at",
)  # fmt: skip
_REQUIRED = ("id", "subject", "state", "created_at")
#: The fields whose values a mapping can translate.
WORDS = ("kind", "state", "impact", "urgency", "priority", "queue", "channel", "sla_met", "csat")
_SOURCE = {
    "name",
    "format",
    "rows",
    "list",
    "times",
    "timezone",
    "missing",
    "encoding",
    "delimiter",
}
_COMMENTS = {
    "list",
    "column",
    "at",
    "author",
    "text",
    "public",
    "internal",
    "html",
    "first_is_body",
}
_DEFAULTS = {"queue", "channel", "kind", "impact", "urgency", "service", "customer"}
_DEFAULTS |= {"requester_domain"}
_FORMATS = ("csv", "tsv", "json")
_ROWS = ("tickets", "states")


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """How the text of a field is found in a row.

    :ivar columns: the first of these that is not empty is used.
    :ivar template: a text with column names in braces, used instead of ``columns``; or "".
    """

    columns: tuple[str, ...] = ()
    template: str = ""


@dataclass(frozen=True, slots=True)
class CommentSpec:
    """Where comments are found; see the module's docstring.

    :ivar where: the list (JSON) or the column (CSV) of the comments.
    :ivar columns: whether it is a column.
    """

    where: str
    columns: bool
    at: str = ""
    author: str = ""
    text: str = ""
    public: str = ""
    internal: str = ""
    html: bool = False
    first_is_body: bool = False


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """A valid mapping file.

    :ivar by_states: whether a row is a state of a ticket, not a ticket.
    :ivar where: the key of the list in a JSON file; "" if it is at the top.
    :ivar times: ``iso``, ``epoch`` or strptime formats, tried in turn.
    :ivar values: our values by field name and the other program's value in lower case.
    :ivar agents: our logins by the other program's agent in lower case.
    """

    name: str
    format: str
    by_states: bool
    where: str
    times: tuple[str, ...]
    zone: ZoneInfo
    missing: frozenset[str]
    encoding: str
    delimiter: str
    fields: Dict[str, FieldSpec]
    values: Dict[str, Dict[str, str]]
    agents: Dict[str, str]
    defaults: Dict[str, str]
    comments: CommentSpec | None = field(default=None)


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
        zone=check.zone(str(source.get("timezone", "UTC"))),
        missing=frozenset(map(str, source.get("missing", [""]))),
        encoding=str(source.get("encoding", "utf-8-sig")),
        delimiter="\t" if form == "tsv" else str(source.get("delimiter", ",")),
        fields={key: check.spec(key, value) for key, value in ticket.items()},
        values={
            field_name: {str(word).casefold(): str(ours) for word, ours in table.items()}
            for field_name, table in values.items()
        },
        agents={str(k).casefold(): str(v) for k, v in check.table(document, "agents").items()},
        defaults={str(key): str(value) for key, value in defaults.items()},
        comments=_comments(check, check.table(document, "comments")),
    )


def _comments(check: "_Checker", table: Dict[str, Any]) -> CommentSpec | None:
    if not table:
        return None
    check.keys("comments", table, _COMMENTS)
    if ("list" in table) == ("column" in table):
        raise check.error("[comments] needs either list or column")
    rest = {key: value for key, value in table.items() if key not in ("list", "column")}
    where = str(table.get("list", table.get("column")))
    return CommentSpec(where=where, columns="column" in table, **rest)


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
        if isinstance(value, str):
            return FieldSpec((value,))
        if isinstance(value, list) and value and all(isinstance(column, str) for column in value):
            return FieldSpec(tuple(value))
        if isinstance(value, dict) and set(value) == {"template"}:
            return FieldSpec(template=str(value["template"]))
        raise self.error(
            f"[ticket] {key} must be a column, a list of columns or {{ template = … }}"
        )

    def zone(self, name: str) -> ZoneInfo:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise self.error(f"{name!r} is not a time zone") from None
