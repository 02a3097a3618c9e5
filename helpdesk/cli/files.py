"""Writing output files atomically."""

import os
from pathlib import Path

from helpdesk.domain.errors import RefusedError


def write_atomically(name: str, text: str) -> None:
    """Write a text file atomically; an existing file is replaced when the new one is complete.

    :raises RefusedError: if it cannot be written.
    """
    file = Path(name).expanduser()
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        # newline="" keeps the line endings of CSV (CR LF).
        with part.open("w", encoding="utf-8", newline="") as out:
            out.write(text)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise RefusedError(
            f"the file {name} cannot be written ({error.strerror}): choose another path."
        ) from error
