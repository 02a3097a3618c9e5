"""The knowledge base and its search index, kept up to date while the desk is open."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpdesk.domain.errors import DeskError, UnavailableError
from helpdesk.knowledge.folder import KnowledgeFolder
from helpdesk.knowledge.watcher import watch
from helpdesk.search.batch import run_batch
from helpdesk.search.embeddings import embedding_model, shortage
from helpdesk.search.hits import SearchHit
from helpdesk.search.index_filler import IndexFiller
from helpdesk.search.indexing import (
    compute_vectors,
    forget_tickets,
    refresh_articles,
    refresh_synonyms,
    refresh_tickets,
    refresh_vectors,
)
from helpdesk.search.multilingual import multilingual_model
from helpdesk.search.options import SearchOptions, SearchResult
from helpdesk.search.searcher import Searcher
from helpdesk.store.database.database import Database
from helpdesk.store.search.index import BusyIndexError, SearchIndex
from helpdesk.store.search.location import index_file
from helpdesk.store.search.ticket_documents import TicketDocs

if TYPE_CHECKING:
    from helpdesk.knowledge.history import ArticleHistory

#: While the folder is not watched, the shortest time between two comparisons with the index.
_COMPARE_INTERVAL_S = 2.0
#: How long a search during typing updates the index; a background thread does the rest.
_TYPING_BUDGET_S = 0.02
#: How long a single search from the shell computes vectors of articles.
_VECTORS_BUDGET_S = 2.0
#: How long a complete refresh waits for another process that is writing to the index.
_BUSY_TIMEOUT_S = 60.0
#: How long the ranking signals are cached.
_SIGNALS_TTL_S = 60.0


class Library:
    """One desk's articles, and the index over articles and past tickets."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.folder = KnowledgeFolder(folder)
        self._tickets = TicketDocs(database)
        self._index = SearchIndex(index_file(database, folder))
        self._searcher = Searcher(self._index, embedding_model, multilingual_model)
        self._filler = IndexFiller(self._fill, self._filled)
        self._answered_early = False
        self._needs_other_languages = False
        self._notify: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._folder_changed = threading.Event()
        self._folder_changed.set()
        self._watching = False
        self._compared_at = 0.0
        self._identity = -1
        self._history: ArticleHistory | None = None
        self._remembered: dict[str, tuple[float, Any]] = {}

    @property
    def index(self) -> SearchIndex:
        """The index, as of the last :meth:`refresh`."""
        return self._index

    @property
    def shortage(self) -> str:
        """A sentence if the search compares words only for want of memory; else ""."""
        return shortage()

    def search(
        self,
        text: str,
        *,
        scope: str,
        limit: int,
        typing: bool,
        service: str,
        options: SearchOptions,
    ) -> SearchResult:
        """Return the articles and past tickets that answer the text best, the newest included.

        :param typing: search while somebody types: do not wait for an incomplete index, but search
            what it holds and complete it in the background.
        :param service: the service that the text is about, or "".
        :raises UnavailableError: if the index cannot be used.
        """
        find = partial(
            self._searcher.search,
            scope=scope,
            limit=limit,
            service=service,
            options=options,
        )
        for attempt in (1, 2):
            try:
                if typing:
                    running = self._filler.is_running
                    complete = running or self.refresh(_TYPING_BUDGET_S)
                    self._answered_early |= running or not complete
                else:
                    complete = self.refresh()
                answer = find(text, typing=typing)
                if typing and (answer.without_vectors or not complete):
                    self._filler.fill(answer.without_vectors)
                elif answer.without_vectors and self._compute_vectors(answer.without_vectors):
                    answer = find(text)
                if answer.needs_other_languages and not self._needs_other_languages:
                    self._needs_other_languages = True
                    self._folder_changed.set()
                    if typing:
                        self._answered_early = True
                        self._filler.fill(())
                    elif self.refresh():
                        answer = find(text)
            except sqlite3.Error as error:
                # By now a damaged or deleted index has been replaced by an empty one: fill it.
                self._folder_changed.set()
                self._searcher.clear_cache()
                if attempt == 2:
                    raise self._unusable(error) from error
            else:
                return answer
        raise AssertionError("unreachable")

    def similar_tickets(
        self,
        text: str,
        is_relevant: Callable[[tuple[str, ...]], bool],
        limit: int,
        hidden: Callable[[tuple[str, ...]], frozenset[str]],
    ) -> tuple[SearchHit, ...]:
        """Return the past tickets that are similar to the text, best first.

        This does not wait for an incomplete index, because no person sees the result and would
        search again.

        :param is_relevant: is called with the references of the tickets that share words with the
            text; unless it returns True, the similarity is not computed and the result is empty.
        :param hidden: returns which of these are hidden from the acting agent: the index holds all
            tickets, and hidden ones must not take the places of others.
        """
        self._index_new_tickets()
        matching = self._searcher.matching_tickets(text)
        if not is_relevant(matching):
            return ()
        options = SearchOptions(ignored=hidden(matching))
        return self._searcher.search(text, scope="tickets", limit=limit, options=options).hits

    def batch(
        self, lines: Iterable[str], *, scope: str, limit: int, options: SearchOptions
    ) -> Iterator[dict[str, Any]]:
        """Yield the answers to many queries, after one complete refresh of the index.

        :param lines: one JSON document for each query.
        :raises UnavailableError: if the index cannot be used.
        """
        try:
            self.refresh(vectors_s=None)
            yield from run_batch(self._searcher, lines, scope=scope, limit=limit, options=options)
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def refresh(
        self, seconds: float | None = None, vectors_s: float | None = _VECTORS_BUDGET_S
    ) -> bool:
        """Bring the index up to date with the folder and the tickets; cheap if nothing changed.

        :param seconds: start no further piece of work after this time, and do not wait for another
            thread or process that is updating the index; None does everything and waits.
        :param vectors_s: the same limit for the vectors alone, used if ``seconds`` is None.
        :returns: whether the index is complete.
        """
        if not self._lock.acquire(blocking=seconds is None):
            return False
        began = time.monotonic()
        try:
            while True:
                try:
                    return self._bring_up_to_date(
                        None if seconds is None else began + seconds,
                        None if vectors_s is None else began + (seconds or vectors_s),
                    )
                except BusyIndexError:
                    if seconds is not None or time.monotonic() > began + _BUSY_TIMEOUT_S:
                        return False
        finally:
            self._lock.release()

    def index_tickets_again(self) -> None:
        """Index all tickets again, for an index that proved to lack some; it may take minutes."""
        with self._lock, suppress(BusyIndexError):
            forget_tickets(self._index)
        self.refresh()

    def _index_new_tickets(self) -> None:
        """Add the newest tickets to the index, unless another thread or process is updating it."""
        if self._lock.acquire(blocking=False):
            try:
                self._check_replaced()
                until = time.monotonic() + _TYPING_BUDGET_S
                with suppress(BusyIndexError):
                    refresh_tickets(self._index, self._tickets, until, wait=False)
            finally:
                self._lock.release()

    def _check_replaced(self) -> None:
        """Drop what is cached of the index if its file has been replaced."""
        if self._index.identity() != self._identity:
            self._identity = self._index.identity()
            self._folder_changed.set()
            self._searcher.clear_cache()

    def _bring_up_to_date(self, until: float | None, meanings_until: float | None) -> bool:
        self._check_replaced()
        complete = refresh_tickets(self._index, self._tickets, until)
        due = not self._watching and time.monotonic() - self._compared_at > _COMPARE_INTERVAL_S
        if not due and not self._folder_changed.is_set():
            return complete
        self._folder_changed.clear()
        done = False
        try:
            done = refresh_articles(self._index, self.folder, until)
            refresh_synonyms(self._index, self.folder.root)
            vectors = embedding_model()
            if done and vectors is not None:
                with suppress(MemoryError):  # the search goes on with words only
                    done = refresh_vectors(self._index, vectors, meanings_until)
            others = multilingual_model() if done and self._needs_other_languages else None
            if others is not None:
                with suppress(MemoryError):
                    done = refresh_vectors(self._index, others, meanings_until)
            self._compared_at = time.monotonic()
        finally:
            if not done:
                self._folder_changed.set()
        return complete and done

    def _compute_vectors(self, numbers: Iterable[int]) -> bool:
        """Compute the vectors of some documents; return whether that was possible."""
        vectors = embedding_model()
        if vectors is None:
            return False
        try:
            compute_vectors(self._index, vectors, list(numbers))
        except (BusyIndexError, MemoryError):
            return False
        return True

    def _fill(self, numbers: Sequence[int], seconds: float) -> bool:
        """Do the next piece of the background work; return whether nothing is left."""
        try:
            if numbers:
                self._compute_vectors(numbers)
            return self.refresh(seconds)
        except (DeskError, sqlite3.Error, OSError):
            return True  # the next search runs into the same error and reports it

    def _filled(self) -> None:
        # A search was answered from an incomplete index: it is to be repeated.
        if self._answered_early:
            self._answered_early = False
            self._notify()

    def _unusable(self, error: sqlite3.Error) -> UnavailableError:
        return UnavailableError(
            f"the search index {self._index.file} cannot be used ({error}): check that its folder "
            "is writable and has free space; the index may be deleted, it is built again."
        )

    def remembered(self, name: str, read: Callable[[], Any]) -> Any:
        """Return a value that searches need (how often each article has helped), cached a minute.

        :param name: the name of the value.
        :param read: reads it from the database.
        """
        now = time.monotonic()
        known = self._remembered.get(name)
        if known is None or now - known[0] > _SIGNALS_TTL_S:
            known = self._remembered[name] = (now, read())
        return known[1]

    def forget(self, name: str) -> None:
        """Drop a cached value, because it has changed."""
        self._remembered.pop(name, None)

    def history(self) -> "ArticleHistory":
        """Return what git knows of the articles; only new commits are read again."""
        from helpdesk.knowledge.history import read_history  # runs git, so only when needed

        self._history = read_history(self.folder.root, self._history)
        return self._history

    def look_again(self) -> None:
        """Compare the folder with the index at the next search, even if that was just done."""
        self._folder_changed.set()

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call ``changed`` on every change of the folder; return a function that stops it.

        ``changed`` is also called when the index becomes complete after a search was answered from
        an incomplete one.
        """

        def folder_changed() -> None:
            self.look_again()
            changed()

        self._notify = changed
        self._watching = True
        return watch(self.folder.root, folder_changed)

    def close(self) -> None:
        """Stop the background work and close the index."""
        self._filler.stop()
        self._index.close()
