"""The changes of rows in the form in which audit records hold them.

A record names the row and holds a digest of all its values and one of each; the salts of the
digests, and short values to be shown in a report, are kept beside the record, from where they can
be erased.

One row (``add``, ``set`` or ``drop`` names the table)::

    {"add": "tickets", "key": ["1"], "columns": "subject body …", "sha256": "…"}
    {"set": "agents", "key": ["2"], "columns": "role", "sha256": "… of the old value, … of the new"}
    {"event": 7, "ticket": "HD-1", "type": "noted", "columns": "ticket_id at …", "sha256": "…"}

``long`` names the columns whose values are too long to be kept beside the record.

The rows of one statement::

    {"bulk": "add", "table": "tickets", "rows": 2, "columns": "subject …", "keys": [1, 2],
     "sha256": ["…", "…"], "all": "…"}

``all`` is a digest of all these rows with their keys, if there are many.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpdesk.domain.audit_digests import (
    DIGEST_CHARS,
    UNKNOWN,
    canonical,
    derived_salts,
    digest,
    encode,
    new_salt,
    row_digests,
    rows_digest,
)
from helpdesk.domain.ticket import ref
from helpdesk.store.database.audited_tables import AuditedTable, Stored, audited_tables, plain
from helpdesk.store.models import TicketEvent

#: A record holds at most this many changed rows; a transaction with more adds several records.
ROWS_PER_RECORD = 1_000
#: From so many added rows on there is a digest of them all.
_MANY_ROWS = 50
#: Longer values are not kept beside the record, in characters.
_MAX_VALUE = 120
#: Stands in a report in the place of a value that was erased.
ERASED = "(erased)"


@dataclass(frozen=True, slots=True)
class RecordedChange:
    """A change of one row or of several.

    :ivar what: what the record holds.
    :ivar beside: what is kept beside it: the salt, and values by column.
    :ivar rows: the number of rows.
    """

    what: dict[str, Any]
    beside: dict[str, Any]
    rows: int = 1


def one_row(
    what: str, table: AuditedTable, key: Sequence[Any], values: Mapping[str, Any]
) -> RecordedChange:
    """Return the record of a row that was added or deleted ("add" or "drop")."""
    salt = new_salt()
    held = {
        what: table.name,
        "key": [str(part) for part in key],
        "columns": " ".join(table.columns),
        "sha256": encode(row_digests(salt, table.stored_row(values))),
    }
    shown = {name: short for name in table.columns if _is_short(short := plain(values[name]))}
    return RecordedChange(
        _with_long(held, table.columns, shown), {"salt": encode(salt), "values": shown}
    )


def one_update(
    table: AuditedTable, key: Sequence[Any], values: Mapping[str, tuple[Any, ...]]
) -> RecordedChange:
    """Return the record of a row that was changed.

    :param values: (old value, new value) of each changed column, or (new value,).
    """
    salt = new_salt()
    salts = derived_salts(salt, 2 * len(values))
    found = b""
    shown: dict[str, list[object]] = {}
    for number, (name, pair) in enumerate(values.items()):
        before = UNKNOWN
        if len(pair) == 2:
            before = digest(salts[2 * number], canonical(table.stored(name, pair[0])))
        after = canonical(table.stored(name, pair[-1]))
        found += before + digest(salts[2 * number + 1], after)
        both = [plain(value) for value in pair]
        if all(map(_is_short, both)):
            shown[name] = both
    held = {
        "set": table.name,
        "key": [str(part) for part in key],
        "columns": " ".join(values),
        "sha256": encode(found),
    }
    return RecordedChange(_with_long(held, values, shown), {"salt": encode(salt), "values": shown})


def timeline_entry(row: TicketEvent) -> RecordedChange:
    """Return the record of an entry that was added to a timeline."""
    table = audited_tables()[TicketEvent.__tablename__]
    salt = new_salt()
    values = tuple([table.stored(name, getattr(row, name)) for name in table.columns])
    held = {
        "event": row.id,
        "ticket": ref(row.ticket_id),
        "type": row.type,
        "columns": " ".join(table.columns),
        "sha256": encode(row_digests(salt, values)),
    }
    return RecordedChange(held, {"salt": encode(salt)})


def changed_rows(
    what: str,
    table: AuditedTable,
    columns: Sequence[str],
    rows: Sequence[tuple[tuple[Any, ...], tuple[Stored, ...]]],
) -> RecordedChange:
    """Return the record of the rows that one statement changed.

    :param what: "add", "set" or "drop".
    :param rows: the key of each row, and the values of these columns as stored.
    """
    salt = new_salt()
    held: dict[str, Any] = {
        "bulk": what,
        "table": table.name,
        "rows": len(rows),
        "columns": " ".join(columns),
        "keys": [key[0] if len(key) == 1 else list(key) for key, _ in rows],
        "sha256": [
            encode(row_digests(own, values))
            for own, (_, values) in zip(derived_salts(salt, len(rows)), rows, strict=True)
        ],
    }
    if what == "add" and len(rows) >= _MANY_ROWS and tuple(columns) == table.columns:
        whole = sorted((*_stored_key(table, key), *values) for key, values in rows)
        held["all"] = encode(rows_digest(salt, whole))
    return RecordedChange(held, {"salt": encode(salt)}, len(rows))


def _stored_key(table: AuditedTable, key: Sequence[Any]) -> Iterator[Stored]:
    return (table.stored(name, part) for name, part in zip(table.keys, key, strict=True))


def grouped(changes: Iterable[RecordedChange]) -> Iterator[list[RecordedChange]]:
    """Yield changes in lists, each for one record."""
    part: list[RecordedChange] = []
    rows = 0
    for change in changes:
        if part and rows + change.rows > ROWS_PER_RECORD:
            yield part
            part, rows = [], 0
        part.append(change)
        rows += change.rows
    if part:
        yield part


def row_of(change: dict[str, Any]) -> tuple[str, str, list[Any]]:
    """Return what was done to one row ("add", "set" or "drop"), its table and its key."""
    if "event" in change:
        return "add", TicketEvent.__tablename__, [change["event"]]
    what = next(word for word in ("add", "set", "drop") if word in change)
    return what, change[what], change["key"]


def _with_long(
    held: dict[str, Any], columns: Iterable[str], shown: Mapping[str, object]
) -> dict[str, Any]:
    """Return what a record holds with the columns whose values are too long to be kept."""
    too_long = " ".join(name for name in columns if name not in shown)
    return {**held, "long": too_long} if too_long else held


def _is_short(value: object) -> bool:
    return not isinstance(value, str | dict | list) or len(str(value)) <= _MAX_VALUE


def with_values(change: dict[str, Any], beside: dict[str, Any]) -> dict[str, Any]:
    """Return a change as a report shows it: with the values that are kept beside the record.

    A value that is too long to be kept is shown by its digest.
    """
    if "keys" in change or "event" in change or "columns" not in change:
        return change
    is_update = "set" in change
    kept = beside.get("values", {})
    erased = beside.get("erased", ())
    names = change["columns"].split()
    width = DIGEST_CHARS * (2 if is_update else 1)
    found = {}
    for number, name in enumerate(names):
        if name in erased:
            value: object = [ERASED, ERASED] if is_update else ERASED
        elif name in kept:
            value = _both(kept[name]) if is_update else _words(kept[name])
            if name in beside.get("erased_old", ()):
                value = [ERASED, _words(kept[name][-1])]
        else:
            first = width * number + (0 if is_update else DIGEST_CHARS)
            text = change["sha256"][first : first + width]
            parts = [f"sha256:{text[:DIGEST_CHARS]}", f"sha256:{text[-DIGEST_CHARS:]}"]
            value = parts if is_update else parts[0]
        found[name] = value
    return {**change, "values": found}


def _both(values: list[Any]) -> list[object]:
    before = values[0] if len(values) > 1 else None
    return [_words(before), _words(values[-1])]


def _words(value: object) -> object:
    return str(value) if isinstance(value, dict | list) else value
