"""Read the head of a CSV file: its columns, and the character that separates them."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk.domain.errors import RefusedError
from helpdesk.exchange.mapping_parts import ImportMapping

_DELIMITERS = (",", ";", "\t", "|")
_NAMES = {"\t": "a tab", ",": "a comma", ";": "a semicolon", " ": "a blank"}
#: A head with line breaks in its quotes is no longer than so many lines.
_HEAD_LINES = 50


@dataclass(frozen=True, slots=True)
class CsvHead:
    """The head of a CSV file.

    :ivar columns: the names of the columns, in order.
    :ivar repeated: the names that several columns have.
    :ivar lines: how many lines of the file it takes.
    """

    columns: tuple[str, ...]
    repeated: tuple[str, ...]
    delimiter: str
    lines: int


def read_head(lines: Iterator[str], mapping: ImportMapping, name: str) -> CsvHead:
    """Read the head; the delimiter is the mapping's, or the one that gives the columns it names.

    A first line ``sep=;``, as spreadsheets write it, says which delimiter it is.

    :raises RefusedError: if it is empty, is not CSV, or lacks a column that the mapping needs.
    """
    first = next(lines, "")
    skipped = 0
    candidates = [mapping.delimiter, *(one for one in _DELIMITERS if one != mapping.delimiter)]
    stated = first.strip().strip('"')
    if stated[:4].casefold() == "sep=" and len(stated) <= 5:
        candidates = [stated[4:] or "\t"]
        first, skipped = next(lines, ""), 1
    text = [first]
    while "".join(text).count('"') % 2 and len(text) < _HEAD_LINES:
        more = next(lines, "")
        if not more:
            break
        text.append(more)
    heads = {one: _columns(text, one, name) for one in candidates}
    best = next((one for one in candidates if not _missing(heads[one], mapping)), None)
    if best is None:
        raise _refusal(heads, candidates, mapping, name)
    counted = Counter(heads[best])
    repeated = tuple(column for column, count in counted.items() if count > 1)
    return CsvHead(heads[best], repeated, best, skipped + len(text))


def _columns(text: list[str], delimiter: str, name: str) -> tuple[str, ...]:
    try:
        return tuple(head.strip() for head in next(csv.reader(text, delimiter=delimiter), []))
    except csv.Error as error:
        raise RefusedError(f"the file {name} is not CSV ({error}): name a CSV file.") from error


def _missing(heads: tuple[str, ...], mapping: ImportMapping) -> str:
    """Return the first needed field that none of these columns holds; "" if there is none."""
    for key in ("id", "subject", "state", "created_at", *(["at"] if mapping.by_states else [])):
        spec = mapping.fields[key]
        if spec.names and not set(spec.names) & set(heads):
            return key
    return ""


def _refusal(
    heads: dict[str, tuple[str, ...]], candidates: list[str], mapping: ImportMapping, name: str
) -> RefusedError:
    own = candidates[0]
    if not any(any(columns) for columns in heads.values()):
        return RefusedError(f"the file {name} is empty: its first line must name the columns.")
    best = max(candidates, key=lambda one: len(heads[one]))
    key = _missing(heads[best], mapping)
    spec = mapping.fields[key]
    separated = "" if best == own else f", separated by {_NAMES.get(best, best)}"
    return RefusedError(
        f"the file {name} has no column {' or '.join(map(repr, spec.names))} ({key}): it has "
        f"{', '.join(heads[best])[:300]}{separated}; is {mapping.name!r} the right mapping?"
    )
