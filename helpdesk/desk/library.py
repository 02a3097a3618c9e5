"""The knowledge base and the search over it, kept true while the desk is open."""

import hashlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from helpdesk.knowledge.folder import KnowledgeFolder
from helpdesk.knowledge.watcher import watch
from helpdesk.locations import cache_dir
from helpdesk.search.batch import run_batch
from helpdesk.search.meaning import meaning
from helpdesk.search.refresh import (
    refresh_articles,
    refresh_meanings,
    refresh_synonyms,
    refresh_tickets,
)
from helpdesk.search.searcher import Answer, Searcher
from helpdesk.store.database import Database
from helpdesk.store.search_index import SearchIndex
from helpdesk.store.ticket_docs import TicketDocs

#: While nothing watches the folder, it is compared with the index at most so often.
_LOOK_EVERY_S = 2.0


class Library:
    """One desk's articles, and the index over articles and past tickets.

    The index lies beside the database's file, one for each folder that is used with it; where there
    is no such file, or that place cannot be written, in the person's cache folder.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self.folder = KnowledgeFolder(folder)
        self._tickets = TicketDocs(database)
        self._index = SearchIndex(_index_file(database, folder))
        self._searcher = Searcher(self._index, meaning)
        self._lock = threading.Lock()
        self._folder_changed = threading.Event()
        self._folder_changed.set()
        self._watching = False
        self._looked_at = 0.0
        self._identity = -1

    @property
    def index(self) -> SearchIndex:
        """The index, as of the last :meth:`refresh`."""
        return self._index

    def search(self, text: str, *, scope: str, limit: int, typing: bool, service: str) -> Answer:
        """Return what answers the text best, with everything that was saved until now."""
        for attempt in (1, 2):
            try:
                self.refresh()
                return self._searcher.search(
                    text, scope=scope, limit=limit, typing=typing, service=service
                )
            except sqlite3.DatabaseError:
                # The index was damaged or deleted: it has been replaced, and is filled again.
                self._start_anew()
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def batch(self, lines: Iterable[str], *, scope: str, limit: int) -> Iterator[dict[str, Any]]:
        """Yield the answers to many queries, over the index as it is now."""
        self.refresh()
        return run_batch(self._searcher, lines, scope=scope, limit=limit)

    def refresh(self) -> None:
        """Bring the index up to date with the folder and the tickets; cheap if nothing changed."""
        with self._lock:
            if self._index.identity() != self._identity:
                self._identity = self._index.identity()
                self._folder_changed.set()
                self._searcher.forget_words()
            changed = refresh_tickets(self._index, self._tickets)
            due = not self._watching and time.monotonic() - self._looked_at > _LOOK_EVERY_S
            if self._folder_changed.is_set() or due:
                self._folder_changed.clear()
                self._looked_at = time.monotonic()
                changed = refresh_articles(self._index, self.folder) or changed
                changed = refresh_synonyms(self._index, self.folder.root) or changed
                vectors = meaning()
                if vectors is not None:
                    changed = refresh_meanings(self._index, vectors) or changed
            if changed:
                self._searcher.forget_words()

    def look_again(self) -> None:
        """Compare the folder with the index at the next search, however soon that is."""
        self._folder_changed.set()

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call ``changed`` whenever the folder changes; returns a function that stops it."""

        def note() -> None:
            self.look_again()
            changed()

        self._watching = True
        return watch(self.folder.root, note)

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

    def _start_anew(self) -> None:
        with self._lock:
            self._index.close()
            self._folder_changed.set()
            self._searcher.forget_words()


def _index_file(database: Database, folder: Path) -> Path:
    name = hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    if database.file is not None:
        beside = Path(f"{database.file}-search-{name}")
        if _can_write(beside):
            return beside
        of_desk = str(beside.resolve())
    else:
        of_desk = f"{database.name}-search-{name}"
    desk = hashlib.sha256(of_desk.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return cache_dir() / f"search-{desk}"


def _can_write(file: Path) -> bool:
    try:
        with file.open("ab"):
            return True
    except OSError:
        return False
