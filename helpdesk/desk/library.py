"""The knowledge base and the search over it, kept true while the desk is open."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from helpdesk.domain.errors import DeskError, UnavailableError
from helpdesk.knowledge.folder import KnowledgeFolder
from helpdesk.knowledge.watcher import watch
from helpdesk.search.batch import run_batch
from helpdesk.search.embeddings import meaning
from helpdesk.search.index_filler import Filler
from helpdesk.search.indexing import (
    compute_meanings,
    refresh_articles,
    refresh_meanings,
    refresh_synonyms,
    refresh_tickets,
)
from helpdesk.search.searcher import Answer, Hit, Searcher
from helpdesk.store.database.database import Database
from helpdesk.store.search.index import BusyIndexError, SearchIndex
from helpdesk.store.search.location import index_file
from helpdesk.store.search.ticket_documents import TicketDocs

#: While nothing watches the folder, it is compared with the index at most so often.
_LOOK_EVERY_S = 2.0
#: How much of the index a person who is typing waits for.  The rest is done beside.
_BESIDE_TYPING_S = 0.02
#: How long a single search from the shell waits for vectors of articles.
_MEANINGS_S = 2.0
#: How long whoever needs everything waits for another process that is writing.
_PATIENCE_S = 60.0
#: How long the desk's experience is taken as it was.
_REMEMBERED_S = 60.0


class Library:
    """One desk's articles, and the index over articles and past tickets."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.folder = KnowledgeFolder(folder)
        self._tickets = TicketDocs(database)
        self._index = SearchIndex(index_file(database, folder))
        self._searcher = Searcher(self._index, meaning)
        self._filler = Filler(self._fill, self._filled)
        self._answered_early = False
        self._tell: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._folder_changed = threading.Event()
        self._folder_changed.set()
        self._watching = False
        self._looked_at = 0.0
        self._identity = -1
        self._signals: Mapping[str, float] | None = None
        self._asked_at = 0.0

    @property
    def index(self) -> SearchIndex:
        """The index, as of the last :meth:`refresh`."""
        return self._index

    def search(
        self,
        text: str,
        *,
        scope: str,
        limit: int,
        typing: bool,
        service: str,
        signals: Mapping[str, float],
        drafts: bool = False,
    ) -> Answer:
        """Return what answers the text best, with everything that was saved until now.

        Whoever is typing does not wait for an index that has to be made first: what is in it
        already is found, and it is completed beside.
        """
        find = partial(
            self._searcher.search,
            scope=scope,
            limit=limit,
            service=service,
            signals=signals,
            include_drafts=drafts,
        )
        for attempt in (1, 2):
            try:
                if typing:
                    running = self._filler.is_running
                    complete = running or self.refresh(_BESIDE_TYPING_S)
                    self._answered_early |= running or not complete
                else:
                    complete = self.refresh()
                answer = find(text, typing=typing)
                if typing and (answer.unweighed or not complete):
                    self._filler.fill(answer.unweighed)
                elif answer.unweighed and self._weigh(answer.unweighed):
                    answer = find(text)
            except sqlite3.Error as error:
                # A damaged or deleted index has been replaced by now, and is filled again.
                self._folder_changed.set()
                self._searcher.forget_words()
                if attempt == 2:
                    raise self._unusable(error) from error
            else:
                return answer
        raise AssertionError("unreachable")

    def like_tickets(
        self, text: str, matter: Callable[[tuple[str, ...]], bool], limit: int
    ) -> tuple[Hit, ...]:
        """Return the past tickets that look like the text, best first, if any of them matters.

        Nobody looks at the answer who would ask again: what the index lacks is not waited for.

        :param matter: tells whether any of the tickets that share words with the text matters;
            only then it is found out how like they are.
        """
        self._note_tickets()
        if not matter(self._searcher.matching_tickets(text)):
            return ()
        return self._searcher.search(text, scope="tickets", limit=limit).hits

    def batch(
        self, lines: Iterable[str], *, scope: str, limit: int, signals: Mapping[str, float]
    ) -> Iterator[dict[str, Any]]:
        """Yield the answers to many queries, over the index as it is now."""
        try:
            self.refresh(meanings_s=None)
            yield from run_batch(self._searcher, lines, scope=scope, limit=limit, signals=signals)
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def refresh(self, seconds: float | None = None, meanings_s: float | None = _MEANINGS_S) -> bool:
        """Bring the index up to date with the folder and the tickets; cheap if nothing changed.

        :param seconds: after so many no further piece of a long work is begun; what another
            thread or process is doing just now is left to it.
        :param meanings_s: the same of the vectors, if everything else is waited for.
        :returns: whether nothing is left to be done.
        """
        if not self._lock.acquire(blocking=seconds is None):
            return False
        began = time.monotonic()
        try:
            while True:
                try:
                    return self._bring_up_to_date(
                        None if seconds is None else began + seconds,
                        None if meanings_s is None else began + (seconds or meanings_s),
                    )
                except BusyIndexError:
                    if seconds is not None or time.monotonic() > began + _PATIENCE_S:
                        return False
        finally:
            self._lock.release()

    def _note_tickets(self) -> None:
        """Let the index know of the newest tickets, unless somebody else is just at it."""
        if self._lock.acquire(blocking=False):
            try:
                self._look_whether_replaced()
                until = time.monotonic() + _BESIDE_TYPING_S
                with suppress(BusyIndexError):
                    refresh_tickets(self._index, self._tickets, until, wait=False)
            finally:
                self._lock.release()

    def _look_whether_replaced(self) -> None:
        if self._index.identity() != self._identity:
            self._identity = self._index.identity()
            self._folder_changed.set()
            self._searcher.forget_words()

    def _bring_up_to_date(self, until: float | None, meanings_until: float | None) -> bool:
        self._look_whether_replaced()
        complete = refresh_tickets(self._index, self._tickets, until)
        due = not self._watching and time.monotonic() - self._looked_at > _LOOK_EVERY_S
        if not due and not self._folder_changed.is_set():
            return complete
        self._folder_changed.clear()
        done = False
        try:
            done = refresh_articles(self._index, self.folder, until)
            refresh_synonyms(self._index, self.folder.root)
            vectors = meaning()
            if done and vectors is not None:
                done = refresh_meanings(self._index, vectors, meanings_until)
            self._looked_at = time.monotonic()
        finally:
            if not done:
                self._folder_changed.set()
        return complete and done

    def _weigh(self, numbers: Iterable[int]) -> bool:
        """Compute what some documents mean; return whether that could be done."""
        vectors = meaning()
        if vectors is None:
            return False
        try:
            compute_meanings(self._index, vectors, list(numbers))
        except BusyIndexError:
            return False
        return True

    def _fill(self, numbers: Sequence[int], seconds: float) -> bool:
        """Do the next piece of what is left to be done; return whether that was the last."""
        try:
            if numbers:
                self._weigh(numbers)
            return self.refresh(seconds)
        except (DeskError, sqlite3.Error, OSError):
            return True  # the next search finds out what it is

    def _filled(self) -> None:
        # Somebody was answered from an index that was not true yet: they are to ask again.
        if self._answered_early:
            self._answered_early = False
            self._tell()

    def _unusable(self, error: sqlite3.Error) -> UnavailableError:
        return UnavailableError(
            f"the search index {self._index.file} cannot be used ({error}): see that its folder "
            "can be written and has room; the index can be deleted, it is made again."
        )

    def remembered(self, signals: Callable[[], Mapping[str, float]]) -> Mapping[str, float]:
        """Return what the desk's experience says, asked anew every minute."""
        now = time.monotonic()
        if self._signals is None or now - self._asked_at > _REMEMBERED_S:
            self._signals, self._asked_at = signals(), now
        return self._signals

    def look_again(self) -> None:
        """Compare the folder with the index at the next search, however soon that is."""
        self._folder_changed.set()

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call ``changed`` whenever the folder changes; returns a function that stops it.

        It is called, too, when the index is true again after somebody was answered too early.
        """

        def note() -> None:
            self.look_again()
            changed()

        self._tell = changed
        self._watching = True
        return watch(self.folder.root, note)

    def close(self) -> None:
        """Let go of the index."""
        self._filler.stop()
        self._index.close()
