"""Reading the files and standard input that the arguments name, and writing files atomically.

All commands read here, and what they read is bounded: a pipe that never ends fills no memory.
"""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO

from helpdesk.cli.arguments import File
from helpdesk.cli.output_folder import OutputFolder
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import TEXT_LIMIT
from helpdesk.text_encoding import BYTE_ORDER_MARK, decode_escaped

_MIB = 1024 * 1024


def read_bytes(file: File, limit: int, advice: str = "name another file") -> bytes:
    """Return the content of a file; ``-`` is standard input.

    :param limit: the maximum number of bytes; no more are read.
    :param advice: what to do if it cannot be used, for the error message.
    :raises RefusedError: if it cannot be read or is too large.
    """
    with _opened(file, advice) as source:
        # Read one more byte than allowed, to tell a file of just this size from a larger one.
        try:
            raw = source.read(limit + 1)
        except OSError as error:
            raise _read_error(file, error, advice) from error
    if len(raw) > limit:
        raise RefusedError(f"{_title(file)} is larger than {_size(limit)}: {advice}.")
    return raw


def read_text(file: File, limit: int = TEXT_LIMIT) -> str:
    """Return the text of a file; ``-`` is standard input.

    :param limit: the maximum number of bytes; no more are read.
    :raises RefusedError: if it cannot be read, is too large or is not UTF-8 text.
    """
    try:
        return read_bytes(file, limit).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedError(
            f"{_title(file)} is not UTF-8 text (byte {error.start + 1:,}): save it as UTF-8."
        ) from error


def text_of(argument: str) -> str:
    """Return a text argument; ``-`` is replaced by standard input, to its last line break.

    A byte order mark at its head is left out.

    :raises RefusedError: if standard input holds more than a text may have, or is neither in
        UTF-8 nor in the encoding of the locale.
    """
    if argument != "-":
        return argument
    source = io.TextIOWrapper(sys.stdin.buffer, "utf-8", errors="surrogateescape", newline="")
    try:
        text = source.read(TEXT_LIMIT + 1)
    finally:
        source.detach()  # standard input itself stays open
    if len(text) > TEXT_LIMIT:
        raise RefusedError(
            f"standard input is too long; at most {TEXT_LIMIT:,} characters are allowed: "
            "shorten it."
        )
    return decode_escaped(text, "standard input").removeprefix(BYTE_ORDER_MARK)


@contextmanager
def opened_lines(file: File, limit: int = TEXT_LIMIT) -> Iterator[Iterator[str]]:
    """Open a file of any length and give its lines one by one; ``-`` is standard input.

    :param limit: the maximum number of characters of a line.
    :raises RefusedError: if it cannot be read, or a line is too long, or neither in UTF-8 nor in
        the encoding of the locale.
    """
    with _opened(file, "name a file") as source:
        text = io.TextIOWrapper(source, encoding="utf-8", errors="surrogateescape")
        try:
            yield _lines(text, file, limit)
        finally:
            text.detach()  # standard input itself stays open


def _lines(text: io.TextIOWrapper, file: File, limit: int) -> Iterator[str]:
    for number in count(1):
        try:
            line = text.readline(limit + 1)
        except OSError as error:
            raise _read_error(file, error, "name a file") from error
        if len(line) > limit and not line.endswith("\n"):
            raise RefusedError(
                f"line {number} of {_title(file)} has more than {limit:,} characters: shorten it."
            )
        if not line:
            return
        yield decode_escaped(line, f"line {number} of {_title(file)}")


def path_of(file: File) -> Path:
    """Return the path of a file; ``~`` is the home folder.

    :raises RefusedError: if there is no such home folder.
    :raises TypeError: if it is not a :class:`File`, so that nobody has checked who named it.
    """
    if not isinstance(file, File):
        raise TypeError(f"an argument that names a file must have the type File, not {file!r}")
    try:
        return Path(file).expanduser()
    except RuntimeError as error:
        raise RefusedError(f"{file}: there is no such home folder.") from error


def folder_of(file: File) -> Path | None:
    """Return the folder of a file, in which further files may lie that it names.

    Standard input has none, and no file that an SSH client named.
    """
    return None if file == "-" or file.over_ssh else path_of(file).parent


@contextmanager
def _opened(file: File, advice: str) -> Iterator[IO[bytes]]:
    path = path_of(file)
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        source = path.open("rb")
    except OSError as error:
        raise _read_error(file, error, advice) from error
    with source:
        yield source


def _read_error(file: File, error: OSError, advice: str) -> RefusedError:
    return RefusedError(f"{_title(file)} cannot be read ({error.strerror}): {advice}.")


def _title(file: File) -> str:
    return "standard input" if file == "-" else str(file)


def _size(limit: int) -> str:
    return f"{limit // _MIB} MiB" if limit >= _MIB else f"{limit // 1024} KiB"


def write_atomically(file: File, text: str) -> None:
    """Write a text file atomically, in place of a plain file of that name.

    :raises RefusedError: if it cannot be written, or if anything but a plain file has the name.
    """
    try:
        with OutputFolder(path_of(file)) as folder:
            folder.replace(folder.name, text)
    except OSError as error:
        raise RefusedError(
            f"the file {file} cannot be written ({error.strerror}): choose another path."
        ) from error


def destination(output: str | None) -> str:
    """Return where the output of a command goes, for the record; None and "-" mean no file."""
    return "standard output" if output in (None, "-") else str(Path(str(output)).absolute())
