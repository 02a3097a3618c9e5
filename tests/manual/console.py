"""The examples of the manual: fenced blocks ``console``, run from top to bottom on one fresh desk.

A line ``$ helpdesk …`` is a command, and below it stands what it prints.  ``echo TEXT |`` before a
command, ``< FILE`` and ``> FILE`` after it mean what they mean to a shell.  ``$ echo $?`` prints
the exit code of the command above; where it does not follow, that is 0.  In what is printed, ``…``
stands for any text within the line, and a line ``…`` alone for any number of lines.  Blocks with a
file's name after their language are the files that the commands read.

The person is ann, her home is ``/home/ann``, and one minute passes with each command.

``python -m tests.manual.console`` runs the page and writes what has changed into it.
"""

import contextlib
import os
import re
import shlex
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from helpdesk.desk.administration.backups import restore
from helpdesk.desk.opening import open_desk
from tests.cli.shell import Shell
from tests.manual.tables import FOLDER

PAGE = FOLDER / "command-line.md"
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_HOME = "/home/ann"
_BEGIN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
_CODE = "echo $?"


@dataclass
class Example:
    """A command and what the page says that it prints."""

    command: str
    expected: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Block:
    """A block of examples, or the text of a file that they read."""

    file: str
    text: str
    examples: tuple[Example, ...]


def blocks_of(text: str) -> list[Block]:
    """Return the blocks of a page that mean something here, in their order."""
    found = []
    for language, file, body in _BLOCK.findall(text):
        if language == "console":
            found.append(Block("", body, tuple(_examples(body))))
        elif file:
            found.append(Block(file, body, ()))
    return found


def _examples(body: str) -> Iterator[Example]:
    example: Example | None = None
    for line in body.removesuffix("\n").split("\n"):
        if line.startswith("$ "):
            if example is not None:
                yield example
            example = Example(line.removeprefix("$ "))
        else:
            assert example is not None, f"this is no command: {line}"
            example.expected.append(line)
    assert example is not None
    yield example


def matches(expected: list[str], printed: list[str]) -> bool:
    """Whether what was printed is what the page says."""
    parts = (
        r"(?:.*\n)*" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + r"\n"
        for line in expected
    )
    return re.fullmatch("".join(parts), "".join(f"{line}\n" for line in printed)) is not None


class Console:
    """A shell of one person on a fresh desk, whose clock goes on a minute with each command."""

    def __init__(self, folder: Path) -> None:
        self._shell = Shell(folder)
        self._shell.login = "ann"
        self._folder = folder
        self._code = 0
        self.now = _BEGIN

    def run(self, command: str) -> list[str]:
        """Return the lines that a command prints, on both streams."""
        if command == _CODE:
            code, self._code = self._code, 0
            return [str(code)]
        assert self._code == 0, f"the command before {command!r} ended with {self._code}"
        words = shlex.split(command)
        given, words = _given(words, self._folder)
        words, into = _redirected(words, ">")
        assert words[0] == "helpdesk", f"this is no command of ours: {command}"
        done = self._shell.run(*words[1:], stdin=given)
        self._code = done.returncode
        self.now += timedelta(minutes=1)
        out = done.stdout.decode()
        if into:
            (self._folder / into).write_text(out, encoding="utf-8")
            out = ""
        said = (out + done.stderr.decode()).replace(str(self._folder), _HOME)
        return said.rstrip("\n").split("\n") if said.strip() else []

    def close(self) -> None:
        """See that the last command did not fail unsaid."""
        assert self._code == 0


def _given(words: list[str], folder: Path) -> tuple[str, list[str]]:
    if words[0] == "echo":
        end = words.index("|")
        return " ".join(words[1:end]) + "\n", words[end + 1 :]
    words, name = _redirected(words, "<")
    return (folder / name).read_text(encoding="utf-8") if name else "", words


def _redirected(words: list[str], sign: str) -> tuple[list[str], str]:
    if sign not in words:
        return words, ""
    place = words.index(sign)
    return [*words[:place], *words[place + 2 :]], words[place + 1]


@contextlib.contextmanager
def console(folder: Path) -> Iterator[Console]:
    """Give a console in a folder; the clock of every desk that is opened meanwhile is its own."""
    made = Console(folder)
    clock: Callable[[], datetime] = lambda: made.now  # noqa: E731  (the type is said)
    with (
        patch.object(open_desk, "__defaults__", (clock,)),
        patch.dict(restore.__kwdefaults__, {"clock": clock}),
        patch.dict(os.environ, {"TZ": "UTC", "COLUMNS": "100"}),
        contextlib.chdir(folder),
    ):
        time.tzset()
        yield made
        made.close()


def run_page(text: str, folder: Path) -> Iterator[tuple[Example, list[str]]]:
    """Yield each example of a page with what it really prints."""
    with console(folder) as made:
        for block in blocks_of(text):
            if block.file:
                (folder / block.file).write_text(block.text, encoding="utf-8")
            for example in block.examples:
                yield example, made.run(example.command)


def _record() -> None:
    text = PAGE.read_text(encoding="utf-8")
    place = 0
    with tempfile.TemporaryDirectory() as folder:
        for example, printed in run_page(text, Path(folder)):
            old = "\n".join([f"$ {example.command}", *example.expected, ""])
            place = text.index(old, place)
            if not matches(example.expected, printed):
                new = "\n".join([f"$ {example.command}", *printed, ""])
                text = text[:place] + new + text[place + len(old) :]
                PAGE.write_text(text, encoding="utf-8")
            place += len(f"$ {example.command}")


if __name__ == "__main__":
    _record()
