"""Rows of an export file, one after the other: memory does not grow with the file."""

import csv
import io
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import TEXT_LIMIT
from helpdesk.exchange.mapping import Mapping as FileMapping

_CHUNK = 1 << 16
#: A single JSON value that is longer than this is no ticket.
_LONGEST_VALUE = 64 * 1024 * 1024
_BLANK = re.compile(r"[\s,]*")
_NOT_DECODED = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the line where it begins, from 1 on, and what it holds.

    :ivar trouble: why it cannot be used, or "".
    """

    line: int
    values: Mapping[str, Any]
    trouble: str = ""


def read_rows(file: Path, mapping: FileMapping) -> Iterator[Row]:
    """Yield the rows of a file; ``-`` is standard input.

    :raises RefusedError: if it cannot be read, or is not what the mapping says.
    """
    try:
        with _open(file, mapping.encoding) as text:
            if mapping.format == "json":
                yield from _json_rows(text, mapping.where, file.name)
            else:
                yield from _csv_rows(text, mapping, file.name)
    except OSError as error:
        raise RefusedError(f"the file {file} cannot be read ({error.strerror}).") from error
    except LookupError as error:
        raise RefusedError(f"there is no encoding {mapping.encoding!r}.") from error
    except UnicodeError as error:
        raise RefusedError(
            f"the file {file} is not in the encoding {mapping.encoding}: name another with "
            "--encoding."
        ) from error


def _open(file: Path, encoding: str) -> io.TextIOWrapper:
    raw = sys.stdin.buffer if str(file) == "-" else file.open("rb")
    start = raw.peek(4) if isinstance(raw, io.BufferedReader) else b""
    # A byte order mark says more than a mapping that was written for other files.
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    # Bytes that are no text become lone surrogates, so that the row can be named.
    return io.TextIOWrapper(raw, encoding=encoding, errors="surrogateescape", newline="")


def _csv_rows(text: io.TextIOBase, mapping: FileMapping, name: str) -> Iterator[Row]:
    csv.field_size_limit(TEXT_LIMIT * 2)
    reader = csv.reader(text, delimiter=mapping.delimiter, strict=False)
    heads = [head.strip() for head in next(reader, [])]
    if not heads:
        raise RefusedError(f"the file {name} is empty: it should begin with the columns' names.")
    _require_columns(heads, mapping, name)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Row(line, {}, f"it is no CSV ({error})")
            continue
        if cells is None:
            return
        if cells:
            yield _csv_row(line, heads, cells)


def _csv_row(line: int, heads: list[str], cells: list[str]) -> Row:
    values: dict[str, Any] = {}
    for head, cell in zip(heads, cells, strict=False):
        if head in values:
            # Several columns of one name (as of comments) are a list.
            before = values[head]
            values[head] = [*before, cell] if isinstance(before, list) else [before, cell]
        else:
            values[head] = cell
    if len(cells) != len(heads):
        return Row(line, values, f"it has {len(cells)} cells, the file has {len(heads)} columns")
    broken = next((head for head, cell in zip(heads, cells, strict=True) if _bad(cell)), None)
    if broken is not None:
        return Row(
            line, values, f"the column {broken!r} is in another encoding than the file "
            "(name it with --encoding)",
        )  # fmt: skip
    return Row(line, values)


def _bad(cell: str) -> bool:
    return not cell.isascii() and _NOT_DECODED.search(cell) is not None


def _require_columns(heads: list[str], mapping: FileMapping, name: str) -> None:
    for key in ("id", "subject", "state", "created_at", *(["at"] if mapping.by_states else [])):
        spec = mapping.fields[key]
        if spec.columns and not set(spec.columns) & set(heads):
            raise RefusedError(
                f"the file {name} has no column {' or '.join(map(repr, spec.columns))} "
                f"({key}): it has {', '.join(heads)[:300]}; is {mapping.name!r} the right mapping?"
            )


def _json_rows(text: io.TextIOBase, where: str, name: str) -> Iterator[Row]:
    stream = _Json(text, name)
    # Else each object is a ticket of its own: JSON lines.
    if stream.peek() == "{" and where and stream.begins_with_list(where):
        stream.enter(where)
    elif stream.peek() == "[":
        stream.skip("[")
    while (start := stream.peek()) not in ("", "]", "}"):
        line = stream.line
        value = stream.value(start)
        if isinstance(value, dict):
            broken = _bad(json.dumps(value, ensure_ascii=False))
            yield Row(line, value, "its text is in another encoding than UTF-8" if broken else "")
        else:
            yield Row(line, {}, "it is no JSON object")


class _Json:
    """A JSON text of any length, read value by value."""

    def __init__(self, text: io.TextIOBase, name: str) -> None:
        self._text = text
        self._name = name
        self._held = ""
        self._at = 0
        self.line = 1
        self._decoder = json.JSONDecoder()

    def peek(self) -> str:
        """Return the next character that is no blank or comma, or "" at the end."""
        while True:
            found = _BLANK.match(self._held, self._at)
            assert found is not None  # noqa: S101  (it matches nothing as well)
            self.line += self._held.count("\n", self._at, found.end())
            self._at = found.end()
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        # As much again as is held: a long value is tried a few times, not once a chunk.
        chunk = self._text.read(max(_CHUNK, len(self._held) - self._at))
        self._held, self._at = self._held[self._at :] + chunk, 0
        return bool(chunk)

    def skip(self, sign: str) -> None:
        """Step over a sign."""
        if self.peek() != sign:
            raise self._wrong(f"{sign!r} is missing")
        self._at += 1

    def value(self, start: str) -> Any:
        """Return the next value."""
        while True:
            try:
                value, end = self._decoder.raw_decode(self._held, self._at)
            except json.JSONDecodeError as error:
                if len(self._held) - self._at > _LONGEST_VALUE or not self._more():
                    raise self._wrong(error.msg) from error
                continue
            except RecursionError as error:
                raise self._wrong("it is nested too deeply") from error
            except ValueError as error:
                raise self._wrong("a number is too long") from error
            # A number may go on in the next chunk; objects and lists end with a sign.
            if start not in '{["' and end == len(self._held) and self._more():
                continue
            self.line += self._held.count("\n", self._at, end)
            self._at = end
            return value

    def begins_with_list(self, key: str) -> bool:
        """Whether a list of that name begins in the first chunk."""
        return re.search(rf'"{re.escape(key)}"\s*:\s*\[', self._held) is not None

    def enter(self, key: str) -> None:
        """Go to the list of that name in the object that begins here; what comes before is read."""
        self.skip("{")
        while self.peek() == '"':
            name = self.value('"')
            self.skip(":")
            if name == key:
                self.skip("[")
                return
            self.value(self.peek())
        raise self._wrong(f"it has no list {key!r}")

    def _wrong(self, why: str) -> RefusedError:
        return RefusedError(f"the file {self._name} is no JSON in line {self.line}: {why}.")
