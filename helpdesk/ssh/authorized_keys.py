"""The block of this program in an ``authorized_keys`` file; other lines are not touched."""

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from helpdesk.domain.errors import UnavailableError

_BEGIN = "# helpdesk begin: written by 'helpdesk agent key', do not change"
_END = "# helpdesk end"
_BEGIN_PREFIX = "# helpdesk begin"
_LINE_PREFIX = "restrict,pty,command="


def block(file: Path) -> list[str]:
    """Return the lines of this program's block; none if there is no file or no block.

    :raises UnavailableError: if the file cannot be read.
    """
    return _split(_read(file))[1]


def others(file: Path) -> list[str]:
    """Return the lines outside this program's block.

    :raises UnavailableError: if the file cannot be read.
    """
    return _split(_read(file))[0]


def write_block(file: Path, lines: Iterable[str]) -> None:
    """Replace the lines of the block; the file is written atomically, with mode 0600.

    :raises UnavailableError: if it cannot be written; then it is unchanged.
    """
    # The file may be a symbolic link, which is kept.
    file = Path(os.path.realpath(file))
    other_lines = _split(_read(file))[0]
    text = "\n".join([*other_lines, _BEGIN, *lines, _END]) + "\n"
    temporary = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            temporary.replace(file)
        finally:
            with suppress(FileNotFoundError):
                temporary.unlink()
    except OSError as error:
        raise UnavailableError(
            f"the keys cannot be written to {file} ({error.strerror}): nothing was changed; make "
            "sure that you own its folder."
        ) from error


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise UnavailableError(
            f"{file} cannot be read ({error.strerror}): make sure that you own it."
        ) from error


def _split(text: str) -> tuple[list[str], list[str]]:
    """Return (other lines, lines of the block).

    Only lines in the form of this program belong to the block: other lines within it, or after a
    block without its end, are kept as other lines.
    """
    other: list[str] = []
    block: list[str] = []
    inside = False
    for line in text.removesuffix("\n").split("\n") if text else ():
        if line.startswith(_BEGIN_PREFIX):
            inside = True
        elif inside and line == _END:
            inside = False
        elif inside and line.startswith(_LINE_PREFIX):
            block.append(line)
        else:
            other.append(line)
    return other, block
