"""Compare what is missing beside audit records with the erasures that are on record.

``audit_values`` is no part of the chain, so nothing that it says is believed: a salt or a value may
be missing only if the hashed text of a later record says that it was erased.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.domain.audit_digests import DIGEST_BYTES, UNKNOWN, decode
from helpdesk.domain.i18n import n_
from helpdesk.store.database.audited_tables import audited_tables, key_words
from helpdesk.store.database.recorded_change import row_of
from helpdesk.store.database.row_names import Logins, row_name
from helpdesk.store.models import AuditRecord

#: The first words of what an erasing record says was done; a trigger asks for them, too.
ERASED_WORDS = "erase "
#: How many rows of one record are named.
_MOST_NAMED = 5

#: A table and the key of one of its rows, as text.
RowKey = tuple[str, tuple[str, ...]]


def row_key(table: str, key: object) -> RowKey:
    """Return the name of a row in the form in which names are compared."""
    parts = key if isinstance(key, list | tuple) else [key]
    return table, tuple(str(part) for part in parts)


class Erasures:
    """The erasures that are on record.

    :ivar numbers: the numbers of the records that say so.
    """

    def __init__(self, session: Session, logins: Logins) -> None:
        self.numbers: list[int] = []
        self._logins = logins
        self._erased: dict[int, dict[RowKey, set[str]]] = {}
        self._last: dict[int, int] = {}
        statement = (
            select(AuditRecord.seq, AuditRecord.what)
            .where(AuditRecord.did.startswith(ERASED_WORDS))
            .order_by(AuditRecord.seq)
        )
        for seq, what in session.execute(statement):
            try:
                self._add(seq, json.loads(what)["erased"])
            except (ValueError, KeyError, TypeError, AttributeError):
                continue  # it was altered, which the chain says

    def _add(self, by: int, erased: dict[str, Any]) -> None:
        row = row_key(erased["table"], erased["key"])
        for text, columns in erased["records"].items():
            seq = int(text)
            if seq < by:
                self._erased.setdefault(seq, {}).setdefault(row, set()).update(columns.split())
                self._last[seq] = by
        self.numbers.append(by)

    def faults(
        self,
        seq: int,
        erased_by: int | None,
        changes: Sequence[dict[str, Any]],
        beside: Sequence[dict[str, Any]],
    ) -> Iterator[str]:
        """Yield a sentence for each row of a record of which something is missing or was put back.

        :param erased_by: which record is said to have erased values beside this one.
        :param beside: what is kept beside the record, for each change.
        """
        last = self._last.get(seq)
        if erased_by is not None and erased_by != last:
            yield (
                f"the values beside record {seq} of the audit trail are marked as erased by record "
                f"{erased_by}, which does not say so."
            )
        missing: dict[RowKey, set[str]] = {}
        for number, change in enumerate(changes):
            kept = beside[number] if number < len(beside) else {}
            for row, columns in missing_columns(change, kept):
                missing.setdefault(row, set()).update(columns)
        erased = self._erased.get(seq, {})
        if missing != erased:
            yield from self._differences(seq, missing, erased)

    def _differences(
        self, seq: int, missing: Mapping[RowKey, set[str]], erased: Mapping[RowKey, set[str]]
    ) -> Iterator[str]:
        faults = [
            f"{self._words(row, more, seq)} removed, and no record says that it was erased."
            for row, columns in missing.items()
            if (more := columns - erased.get(row, set()))
        ]
        faults += [
            f"{self._words(row, more, seq)} put back after it was erased."
            for row, columns in erased.items()
            if (more := columns - missing.get(row, set()))
        ]
        yield from faults[:_MOST_NAMED]
        if len(faults) > _MOST_NAMED:
            more_rows = len(faults) - _MOST_NAMED
            yield n_(
                "values of {n:,} more row beside record {seq}.",
                "values of {n:,} more rows beside record {seq}.",
                more_rows,
            ).format(n=more_rows, seq=seq)

    def _words(self, row: RowKey, columns: Iterable[str], seq: int) -> str:
        table = audited_tables().get(row[0])
        words = f"{row[0]} {key_words(row[1])}"
        if table is not None:
            parts = [
                part if is_text else int(part)
                for part, is_text in zip(row[1], table.text_keys, strict=True)
            ]
            words = row_name(table, dict(zip(table.keys, parts, strict=True)), self._logins)
        return f"the value of {', '.join(sorted(columns))} of {words} beside record {seq} was"


def missing_columns(
    change: dict[str, Any], kept: dict[str, Any]
) -> Iterator[tuple[RowKey, set[str]]]:
    """Yield each row of a change with the columns of which a salt or a value is not kept."""
    if "columns" not in change:
        return  # of an older version
    names = change["columns"].split()
    if "keys" in change:
        if "salt" not in kept:
            yield from _missing_of_rows(change, kept.get("rows", ()), names)
        return
    _, table, key = row_of(change)
    each = 2 if "set" in change else 1
    missing: set[str] = set()
    if "salt" not in kept:
        own = kept.get("salts", {})
        missing.update(name for name in names if len(own.get(name, ())) < each)
    if "event" not in change:
        missing.update(_without_value(change, kept.get("values", {}), names))
    if missing:
        yield row_key(table, key), missing


def _missing_of_rows(
    change: dict[str, Any], rows: Sequence[Any], names: Sequence[str]
) -> Iterator[tuple[RowKey, set[str]]]:
    for number, key in enumerate(change["keys"]):
        salts = rows[number] if number < len(rows) else {}
        missing = {name for name in names if isinstance(salts, dict) and not salts.get(name)}
        if missing:
            yield row_key(change["table"], key), missing


def _without_value(
    change: dict[str, Any], values: Mapping[str, Any], names: Sequence[str]
) -> Iterator[str]:
    """Yield the columns of which a value should be kept and is not."""
    too_long = change.get("long", "").split()
    for number, name in enumerate(names):
        if name in too_long:
            continue
        if name not in values:
            yield name
        elif "set" in change and len(values[name]) < 2:
            start = 2 * number * DIGEST_BYTES
            if decode(change["sha256"])[start : start + DIGEST_BYTES] != UNKNOWN:
                yield name
