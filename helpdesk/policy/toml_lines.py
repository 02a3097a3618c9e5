"""Find the line of each key in a TOML file.

``tomllib`` returns the values of a file but not their lines.  This module scans a text that
``tomllib`` has accepted, so it need not detect errors and only tracks keys, brackets, strings and
lines.
"""

import tomllib
from collections.abc import Iterator

#: The path to a value: keys from the outermost table on; a number is an index in a list.
KeyPath = tuple[str | int, ...]

_BLANK = " \t\r\n"
_END_OF_SCALAR = ",]}\n#"
#: Deeper paths are cut off, so that their keys share the line of a parent.  No valid policy is
#: nested that deep.
_MAX_DEPTH = 32


def key_lines(text: str) -> dict[KeyPath, int]:
    """Return the line, counted from 1, of every key, table and list item of a valid TOML text.

    A table that has no header of its own (``a`` in ``[a.b]``) has the line of the first header that
    names it.
    """
    return _LineScanner(text.replace("\r\n", "\n")).lines


def _unquoted(key: str) -> str:
    value: str = tomllib.loads(f"key = {key}")["key"]
    return value


class _LineScanner:
    """Scans a TOML text once, at construction, and collects the lines of its keys."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._counts: dict[KeyPath, int] = {}
        self._implied: dict[KeyPath, int] = {}
        self.lines: dict[KeyPath, int] = {}
        self._document()
        self.lines = {**self._implied, **self.lines}

    def _document(self) -> None:
        table: KeyPath = ()
        while self._skip():
            line = self._line
            if self._text.startswith("[[", self._at):
                self._step(2)
                table = self._header()
                number = self._counts[table] = self._counts.get(table, -1) + 1
                self._note(table, line)
                table = _below(table, number)
                self._step(2)
            elif self._peek() == "[":
                self._step(1)
                table = self._header()
                self._step(1)
            else:
                self._pair(table)
                continue
            self._note(table, line)

    def _header(self) -> KeyPath:
        """Read the name in a header; a list of tables in it refers to the list's last table."""
        path: KeyPath = ()
        for key in self._keys():
            path = _below(path, key)
            if self._peek() == ".":
                self._implied.setdefault(path, self._line)
                if path in self._counts:
                    path = _below(path, self._counts[path])
        return path

    def _pair(self, table: KeyPath) -> None:
        line = self._line
        path = table
        for key in self._keys():
            path = _below(path, key)
            self._note(path, line)
        self._step(1)  # the equals sign
        self._skip()
        self._value(path)

    def _keys(self) -> Iterator[str]:
        """Yield the parts of a dotted key; end after the key and the blanks that follow it."""
        while True:
            self._skip()
            if self._peek() in "\"'":
                start = self._at
                self._string()
                key = _unquoted(self._text[start : self._at])
            else:
                start = self._at
                while self._peek() not in " \t=.]":
                    self._step(1)
                key = self._text[start : self._at]
            self._skip()
            yield key
            if self._peek() != ".":
                return
            self._step(1)

    def _value(self, path: KeyPath) -> None:
        match self._peek():
            case '"' | "'":
                self._string()
            case "[":
                self._list(path)
            case "{":
                self._inline_table(path)
            case _:
                while self._peek() and self._peek() not in _END_OF_SCALAR:
                    self._step(1)

    def _list(self, path: KeyPath) -> None:
        self._step(1)
        number = 0
        while self._skip() and self._peek() != "]":
            item = _below(path, number)
            self._note(item, self._line)
            self._value(item)
            number += 1
            self._skip()
            if self._peek() == ",":
                self._step(1)
        self._step(1)

    def _inline_table(self, path: KeyPath) -> None:
        self._step(1)
        while self._skip() and self._peek() != "}":
            self._pair(path)
            self._skip()
            if self._peek() == ",":
                self._step(1)
        self._step(1)

    def _string(self) -> None:
        """Skip a string of any of TOML's four kinds."""
        quote = self._peek()
        mark = quote * 3 if self._text.startswith(quote * 3, self._at) else quote
        self._step(len(mark))
        while not self._text.startswith(mark, self._at):
            self._step(2 if quote == '"' and self._peek() == "\\" else 1)
        while self._text.startswith(mark, self._at + 1) and len(mark) == 3:
            self._step(1)  # up to two quotes may come right before the closing three
        self._step(len(mark))

    def _skip(self) -> bool:
        """Skip blanks and comments; return whether anything follows."""
        while self._peek():
            if self._peek() == "#":
                end = self._text.find("\n", self._at)
                self._step((end if end >= 0 else len(self._text)) - self._at)
            elif self._peek() in _BLANK:
                self._step(1)
            else:
                return True
        return False

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _step(self, count: int) -> None:
        self._line += self._text.count("\n", self._at, self._at + count)
        self._at += count

    def _note(self, path: KeyPath, line: int) -> None:
        self.lines.setdefault(path, line)


def _below(path: KeyPath, key: str | int) -> KeyPath:
    return (*path, key) if len(path) < _MAX_DEPTH else path
