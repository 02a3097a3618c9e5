"""Reading the rows of an export file one by one, so that memory does not grow with the file."""

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
from helpdesk.exchange.delimiters import CsvHead, read_head
from helpdesk.exchange.mapping_parts import ImportMapping as FileMapping

_CHUNK = 1 << 16
#: The maximum length of a JSON value or a CSV row, in characters; no ticket is longer.
_MAX_VALUE = 64 * 1024 * 1024
_BLANK = re.compile(r"[\s,]*")
_NOT_DECODED = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row of the file.

    :ivar line: the line on which it begins, from 1.
    :ivar values: its values by column.
    :ivar trouble: why it cannot be used, or "".
    """

    line: int
    values: Mapping[str, Any]
    trouble: str = ""


def read_rows(file: Path, mapping: FileMapping) -> Iterator[SourceRow]:
    """Yield the rows of a file; ``-`` is standard input.

    :raises RefusedError: if it cannot be read, or does not match the mapping.
    """
    try:
        with _open(file, mapping.encoding) as text:
            if mapping.format == "json":
                yield from _json_rows(text, mapping.where, file.name)
            else:
                yield from _csv_rows(text, mapping, file.name)
    except OSError as error:
        raise RefusedError(
            f"the file {file} cannot be read ({error.strerror}): name another file."
        ) from error
    except LookupError as error:
        raise RefusedError(
            f"there is no encoding {mapping.encoding!r}: name one such as cp1252 with --encoding."
        ) from error
    except UnicodeError as error:
        raise RefusedError(
            f"the file {file} is not in the encoding {mapping.encoding}: name another with "
            "--encoding."
        ) from error


def _open(file: Path, encoding: str) -> io.TextIOWrapper:
    raw = sys.stdin.buffer if str(file) == "-" else file.open("rb")
    start = raw.peek(4) if isinstance(raw, io.BufferedReader) else b""
    # A byte order mark is more reliable than the mapping, which was written for other files.
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif start.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    # Invalid bytes become lone surrogates, so that an error can name the row.
    return io.TextIOWrapper(raw, encoding=encoding, errors="surrogateescape", newline="")


def _csv_rows(text: io.TextIOBase, mapping: FileMapping, name: str) -> Iterator[SourceRow]:
    csv.field_size_limit(TEXT_LIMIT * 2)
    lines = _BoundedLines(text, name)
    head = read_head(lines, mapping, name)
    reader = csv.reader(lines, delimiter=head.delimiter, strict=False)
    while True:
        line = head.lines + reader.line_num + 1
        lines.begin_row()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield SourceRow(line, {}, f"it is not valid CSV ({error})")
            continue
        if cells is None:
            return
        if cells:
            yield _csv_row(line, head, cells)


class _BoundedLines:
    """The lines of a CSV file; a row that is too long is refused before it fills memory."""

    def __init__(self, text: io.TextIOBase, name: str) -> None:
        self._text = text
        self._name = name
        self._left = _MAX_VALUE
        self._line = 0

    def begin_row(self) -> None:
        """Begin to count the characters of the next row."""
        self._left = _MAX_VALUE

    def __iter__(self) -> "_BoundedLines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._left + 1)
        self._line += 1
        self._left -= len(line)
        if self._left < 0:
            raise RefusedError(
                f"the file {self._name} has a row of more than {_MAX_VALUE:,} characters up to "
                f"line {self._line}: name a CSV file."
            )
        if not line:
            raise StopIteration
        return line


def _csv_row(line: int, head: CsvHead, cells: list[str]) -> SourceRow:
    heads = head.columns
    values: dict[str, Any] = dict(zip(heads, cells, strict=False))
    for column in head.repeated:
        # Several columns of the same name, such as comments, become a list.
        values[column] = [cell for own, cell in zip(heads, cells, strict=False) if own == column]
    if len(cells) != len(heads):
        return SourceRow(
            line, values, f"it has {len(cells)} cells, the file has {len(heads)} columns"
        )
    if not "".join(cells).isascii():
        broken = next(
            (own for own, cell in zip(heads, cells, strict=True) if _is_undecoded(cell)), None
        )
        if broken is not None:
            return SourceRow(
                line, values, f"the column {broken!r} is in another encoding than the file "
                "(name it with --encoding)",
            )  # fmt: skip
    return SourceRow(line, values)


def _is_undecoded(cell: str) -> bool:
    """Whether a text contains bytes that are not valid in the file's encoding."""
    return not cell.isascii() and _NOT_DECODED.search(cell) is not None


def _json_rows(text: io.TextIOBase, where: str, name: str) -> Iterator[SourceRow]:
    stream = _JsonStream(text, name)
    # Otherwise each object is a ticket: JSON lines.
    if stream.peek() == "{" and where and stream.begins_with_list(where):
        stream.enter(where)
    elif stream.peek() == "[":
        stream.skip("[")
    while (start := stream.peek()) not in ("", "]", "}"):
        line = stream.line
        value = stream.value(start)
        if isinstance(value, dict):
            broken = _is_undecoded(json.dumps(value, ensure_ascii=False))
            yield SourceRow(
                line, value, "its text is in another encoding than UTF-8" if broken else ""
            )
        else:
            yield SourceRow(line, {}, "it is not a JSON object")


class _JsonStream:
    """Reads a JSON text of any length value by value."""

    def __init__(self, text: io.TextIOBase, name: str) -> None:
        self._text = text
        self._name = name
        self._buffer = ""
        self._at = 0
        self.line = 1
        self._decoder = json.JSONDecoder()

    def peek(self) -> str:
        """Return the next character that is not white space or a comma; "" at the end."""
        while True:
            found = _BLANK.match(self._buffer, self._at)
            assert found is not None  # noqa: S101  (it matches nothing as well)
            self.line += self._buffer.count("\n", self._at, found.end())
            self._at = found.end()
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        # Double the buffer, so that a long value is parsed a few times only, not once per chunk.
        chunk = self._text.read(max(_CHUNK, len(self._buffer) - self._at))
        self._buffer, self._at = self._buffer[self._at :] + chunk, 0
        return bool(chunk)

    def skip(self, char: str) -> None:
        """Skip this character, which must come next."""
        if self.peek() != char:
            raise self._error(f"{char!r} is missing")
        self._at += 1

    def value(self, start: str) -> Any:
        """Parse the next value, which begins with the character ``start``."""
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                if len(self._buffer) - self._at > _MAX_VALUE or not self._more():
                    raise self._error(error.msg) from error
                continue
            except RecursionError as error:
                raise self._error("it is nested too deeply") from error
            except ValueError as error:
                raise self._error("a number is too long") from error
            # A number may continue in the next chunk; objects and lists end with a bracket.
            if start not in '{["' and end == len(self._buffer) and self._more():
                continue
            self.line += self._buffer.count("\n", self._at, end)
            self._at = end
            return value

    def begins_with_list(self, key: str) -> bool:
        """Whether a list with this key begins in the first chunk."""
        return re.search(rf'"{re.escape(key)}"\s*:\s*\[', self._buffer) is not None

    def enter(self, key: str) -> None:
        """Move into the list with this key in the object that begins here; skip what is before."""
        self.skip("{")
        while self.peek() == '"':
            name = self.value('"')
            self.skip(":")
            if name == key:
                self.skip("[")
                return
            self.value(self.peek())
        raise self._error(f"it has no list {key!r}")

    def _error(self, problem: str) -> RefusedError:
        return RefusedError(
            f"the file {self._name} is not valid JSON in line {self.line}: {problem}."
        )
