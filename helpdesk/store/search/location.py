"""Where the search index of a desk is stored."""

import atexit
import hashlib
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from helpdesk.domain.errors import UnavailableError
from helpdesk.locations import cache_dir
from helpdesk.store.database.database import Database
from helpdesk.store.database.read_only_file import has_room, temporary_folders

#: With less room than this an index cannot be kept, in bytes.
_LEAST_ROOM = 2 * 1024 * 1024


def index_file(database: Database, folder: Path) -> Path:
    """Return the file of a desk's search index; each folder of articles has its own.

    It is next to an SQLite database.  If that folder cannot be written or is full, or the database
    is on a server, it is in the person's cache folder, so that each host has an index of its own.
    If that cannot be written either, it is in a temporary folder, for this process alone.
    """
    articles = _digest(str(folder.resolve()))
    if database.file is not None:
        beside = Path(f"{database.file}-search-{articles[:8]}")
        if _can_write(beside):
            return beside
        name = f"search-{_digest(str(beside.resolve()))}"
    else:
        name = f"search-{_digest(f'{database.name} {articles}')}"
    cached = cache_dir() / name
    return cached if _can_write(cached) else _temporary_folder() / name


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _can_write(file: Path) -> bool:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with file.open("ab"):
            return has_room(file.parent, _LEAST_ROOM)
    except OSError:
        return False


@cache
def _temporary_folder() -> Path:
    """Return a folder that is removed when the process ends.

    :raises UnavailableError: if none can be made.
    """
    for folder in temporary_folders():
        if has_room(folder, _LEAST_ROOM):
            with suppress(OSError):
                made = tempfile.TemporaryDirectory(prefix="helpdesk-search-", dir=folder)
                atexit.register(made.cleanup)
                return Path(made.name)
    raise UnavailableError(
        "the search needs a folder to which it can write, and no cache or temporary folder has "
        "room: free some space."
    )
