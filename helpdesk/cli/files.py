"""Writing files for people: whole or not at all."""

import os
from pathlib import Path

from helpdesk.domain.errors import RefusedError


def write_whole(name: str, text: str) -> None:
    """Write a text file; one that is there already is replaced once the new one is complete.

    :raises RefusedError: if it cannot be written.
    """
    file = Path(name).expanduser()
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        # newline="": CSV lines end as they say.
        with part.open("w", encoding="utf-8", newline="") as out:
            out.write(text)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise RefusedError(
            f"the file {name} cannot be written ({error.strerror}): name another place."
        ) from error
