"""The help desk's block in an ``authorized_keys`` file; the rest is left alone."""

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from helpdesk.domain.errors import UnavailableError

_BEGIN = "# helpdesk begin: written by 'helpdesk agent key', do not change"
_END = "# helpdesk end"
_BEGIN_SIGN = "# helpdesk begin"
_OURS = "restrict,pty,command="


def block(file: Path) -> list[str]:
    """Return the lines of the help desk's block; none if there is no file or no block.

    :raises UnavailableError: if the file cannot be read.
    """
    return _split(_read(file))[1]


def others(file: Path) -> list[str]:
    """Return the lines that are not the help desk's.

    :raises UnavailableError: if the file cannot be read.
    """
    return _split(_read(file))[0]


def write_block(file: Path, lines: Iterable[str]) -> None:
    """Put these lines in place of the block's; the file is replaced whole, and its owner's alone.

    :raises UnavailableError: if it cannot be written; it stays as it was.
    """
    # Another tool may keep the file elsewhere and link to it.
    file = Path(os.path.realpath(file))
    kept = _split(_read(file))[0]
    text = "\n".join([*kept, _BEGIN, *lines, _END]) + "\n"
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            fresh.replace(file)
        finally:
            with suppress(FileNotFoundError):
                fresh.unlink()
    except OSError as error:
        raise UnavailableError(
            f"the keys cannot be written to {file} ({error.strerror}): nothing was changed; see "
            "that its folder is yours."
        ) from error


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise UnavailableError(
            f"{file} cannot be read ({error.strerror}): see that it is yours."
        ) from error


def _split(text: str) -> tuple[list[str], list[str]]:
    """Return (others' lines, ours).

    What somebody else wrote into the block is theirs and stays; so does all that follows a block
    whose last line was lost.
    """
    others: list[str] = []
    ours: list[str] = []
    inside = False
    for line in text.removesuffix("\n").split("\n") if text else ():
        if line.startswith(_BEGIN_SIGN):
            inside = True
        elif inside and line == _END:
            inside = False
        elif inside and line.startswith(_OURS):
            ours.append(line)
        else:
            others.append(line)
    return others, ours
