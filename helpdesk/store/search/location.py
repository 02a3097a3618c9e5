"""Where the search index of a desk is stored."""

import hashlib
from pathlib import Path

from helpdesk.locations import cache_dir
from helpdesk.store.database.database import Database


def index_file(database: Database, folder: Path) -> Path:
    """Return the file of a desk's search index; each folder of articles has its own.

    It is next to an SQLite database.  If that folder cannot be written, or the database is on a
    server, it is in the person's cache folder, so that each host has an index of its own.
    """
    articles = _digest(str(folder.resolve()))
    if database.file is not None:
        beside = Path(f"{database.file}-search-{articles[:8]}")
        if _can_write(beside):
            return beside
        return cache_dir() / f"search-{_digest(str(beside.resolve()))}"
    return cache_dir() / f"search-{_digest(f'{database.name} {articles}')}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _can_write(file: Path) -> bool:
    try:
        with file.open("ab"):
            return True
    except OSError:
        return False
