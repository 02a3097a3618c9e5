"""The mapping file: which column of another program's export is what.

TOML::

    [source]
    name = "zendesk"                # tickets are known by this name and their id there
    format = "json"                 # csv, tsv or json (an array, an object with one, JSON lines)
    rows = "tickets"                # one row a ticket; "states": one row a state of a ticket
    list = "tickets"                # json: where the list stands, if not at the top
    times = ["iso"]                 # or strptime formats, tried in turn
    timezone = "UTC"                # of times that name none
    missing = ["", "?"]             # what stands for "not known"

    [ticket]                        # a column, a list (the first that says something), a template
    id = "id"
    subject = "subject"
    body = { template = "{category}: {symptom}" }
    …                               # see FIELDS

    [values.state]                  # their word = ours; "*" is any other
    solved = "resolved"

    [comments]                      # json: a list; csv: columns of one name, "time;author;text"
    list = "comments"
    at = "created_at"
    …

    [defaults]
    requester_domain = "old.invalid"  # makes addresses of people who have none in the file
"""

import tomllib
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from helpdesk.domain.errors import RefusedError

#: What a ticket can be told about.
FIELDS = (
    "id", "subject", "body", "kind", "state", "impact", "urgency", "priority", "group", "channel",
    "service", "customer", "requester", "requester_name", "assignee", "created_at", "updated_at",
    "responded_at", "resolved_at", "closed_at", "hand_overs", "reopenings", "csat", "sla_met", "at",
)  # fmt: skip
_NEEDED = ("id", "subject", "state", "created_at")
#: Whose words are translated.
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
class Spec:
    """How a field's text is found in a row: the first of ``columns`` that says something, or the
    ``template`` with columns in braces."""

    columns: tuple[str, ...] = ()
    template: str = ""


@dataclass(frozen=True, slots=True)
class CommentSpec:
    """Where comments stand; see the module's docstring."""

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
class Mapping:
    """A mapping file that makes sense."""

    name: str
    format: str
    by_states: bool
    where: str
    times: tuple[str, ...]
    zone: ZoneInfo
    missing: frozenset[str]
    encoding: str
    delimiter: str
    fields: Dict[str, Spec]
    values: Dict[str, Dict[str, str]]
    agents: Dict[str, str]
    defaults: Dict[str, str]
    comments: CommentSpec | None = field(default=None)


def ready_made() -> tuple[str, ...]:
    """Return the names of the mappings that come with the program."""
    names = (file.name for file in files("helpdesk.exchange.mappings").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load_mapping(name: str) -> Mapping:
    """Read a mapping by the name of a ready one, or from a file: a path, or what ends in .toml.

    :raises RefusedError: naming what is wrong with it.
    """
    if name in ready_made():
        text = files("helpdesk.exchange.mappings").joinpath(f"{name}.toml").read_text("utf-8")
    elif "/" not in name and not name.endswith(".toml"):
        raise RefusedError(
            f"there is no ready mapping {name[:60]!r}: ready ones are {', '.join(ready_made())}; "
            "a file of yours ends in .toml."
        )
    else:
        try:
            text = Path(name).expanduser().read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise RefusedError(
                f"the mapping {name} cannot be read ({error}); ready ones are "
                f"{', '.join(ready_made())}."
            ) from error
    try:
        return parse_mapping(tomllib.loads(text), name)
    except tomllib.TOMLDecodeError as error:
        raise RefusedError(f"the mapping {name} is not TOML: {error}.") from error


def parse_mapping(document: Dict[str, Any], name: str) -> Mapping:
    """Check a mapping.

    :raises RefusedError: naming what is wrong with it.
    """
    wrong = _Complaint(name)
    wrong.unknown("", document, {"source", "ticket", "values", "comments", "agents", "defaults"})
    source = wrong.table(document, "source")
    wrong.unknown("source", source, _SOURCE)
    ticket = wrong.table(document, "ticket")
    wrong.unknown("ticket", ticket, set(FIELDS))
    for needed in _NEEDED:
        if needed not in ticket:
            raise wrong(f"[ticket] names no {needed}")
    form = str(source.get("format", "csv"))
    rows = str(source.get("rows", "tickets"))
    if form not in _FORMATS or rows not in _ROWS:
        raise wrong(f"format is one of {', '.join(_FORMATS)}, rows one of {', '.join(_ROWS)}")
    if rows == "states" and "at" not in ticket:
        raise wrong('rows = "states" needs [ticket] at: when a row begins to hold')
    values = wrong.table(document, "values")
    wrong.unknown("values", values, set(WORDS))
    defaults = wrong.table(document, "defaults")
    wrong.unknown("defaults", defaults, _DEFAULTS)
    return Mapping(
        name=str(source.get("name", Path(name).stem)),
        format=form,
        by_states=rows == "states",
        where=str(source.get("list", "")),
        times=tuple(map(str, source.get("times", ["iso"]))),
        zone=wrong.zone(str(source.get("timezone", "UTC"))),
        missing=frozenset(map(str, source.get("missing", [""]))),
        encoding=str(source.get("encoding", "utf-8-sig")),
        delimiter="\t" if form == "tsv" else str(source.get("delimiter", ",")),
        fields={key: wrong.spec(key, value) for key, value in ticket.items()},
        values={
            field_name: {str(word).casefold(): str(ours) for word, ours in table.items()}
            for field_name, table in values.items()
        },
        agents={str(k).casefold(): str(v) for k, v in wrong.table(document, "agents").items()},
        defaults={str(key): str(value) for key, value in defaults.items()},
        comments=_comments(wrong, wrong.table(document, "comments")),
    )


def _comments(wrong: "_Complaint", table: Dict[str, Any]) -> CommentSpec | None:
    if not table:
        return None
    wrong.unknown("comments", table, _COMMENTS)
    if ("list" in table) == ("column" in table):
        raise wrong("[comments] needs either list or column")
    rest = {key: value for key, value in table.items() if key not in ("list", "column")}
    where = str(table.get("list", table.get("column")))
    return CommentSpec(where=where, columns="column" in table, **rest)


class _Complaint:
    """Makes the one sentence about a mapping file."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, what: str) -> RefusedError:
        return RefusedError(f"the mapping {self._name} is no good: {what}.")

    def table(self, document: Dict[str, Any], key: str) -> Dict[str, Any]:
        value = document.get(key, {})
        if not isinstance(value, dict):
            raise self(f"[{key}] must be a table")
        return value

    def unknown(self, where: str, table: Dict[str, Any], known: set[str]) -> None:
        for key in table:
            if key not in known:
                place = f"[{where}]" if where else "the file"
                raise self(f"{place} has {key!r}; known are {', '.join(sorted(known))}")

    def spec(self, key: str, value: Any) -> Spec:
        if isinstance(value, str):
            return Spec((value,))
        if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
            return Spec(tuple(value))
        if isinstance(value, dict) and set(value) == {"template"}:
            return Spec(template=str(value["template"]))
        raise self(f"[ticket] {key} must be a column, a list of columns or {{ template = … }}")

    def zone(self, name: str) -> ZoneInfo:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise self(f"{name!r} is no time zone") from None
