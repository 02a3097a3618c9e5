"""Comparing a query with documents in meaning, by the vectors stored in the index."""

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from helpdesk.search.embeddings import EmbeddingModel
from helpdesk.store.search.documents import ARTICLE
from helpdesk.store.search.reader import IndexReader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from helpdesk.search.embeddings import StoredVectors

#: How many of the nearest articles are candidates even if they share no word with the query.
_NEAREST = 30
#: Texts with a smaller similarity have nothing to do with each other.
_MIN_SIMILARITY = 0.3
_CACHED_QUERIES = 64


class VectorSearch:
    """Computes similarities; caches the vectors of articles and of recent queries.

    Vectors of tickets are read from the index when they are needed.
    """

    def __init__(self, model: Callable[[], EmbeddingModel | None]) -> None:
        self._model = model
        self._lock = threading.Lock()
        self._numbers: list[int] = []
        self._articles: StoredVectors | None = None
        self._read_at = -1
        self._queries: dict[tuple[str, ...], Any] = {}

    def forget(self) -> None:
        """Drop the cached vectors of articles."""
        with self._lock:
            self._articles = None

    def of_query(self, variants: Sequence[str]) -> "NDArray[np.float32] | None":
        """Return the vectors of the variants of a query; None without a model or any words."""
        texts = tuple(text for text in variants if any(word.isalpha() for word in text.split()))
        model = self._model()
        if model is None or not texts:
            return None
        with self._lock:
            known = self._queries.get(texts)
        if known is None:
            known = model.vectors(texts)
            with self._lock:
                if len(self._queries) >= _CACHED_QUERIES:
                    self._queries.clear()
                self._queries[texts] = known
        found: NDArray[np.float32] = known
        return found

    def nearest_articles(
        self, reader: IndexReader, query_vectors: "NDArray[np.float32]"
    ) -> tuple[dict[int, float], list[int]]:
        """Return the similarity of each article by its number, and the nearest, best first."""
        model = self._model()
        if model is None:
            return {}, []  # it has run out of memory since it computed the vectors of the query
        changed = reader.articles_changed()
        with self._lock:
            if self._articles is None or changed != self._read_at:
                stored = reader.vectors(ARTICLE, model.name, model.vector_bytes)
                self._numbers = [number for number, _ in stored]
                self._articles = model.unpack([vector for _, vector in stored])
                self._read_at = changed
            numbers, articles = self._numbers, self._articles
        found: dict[int, float] = {}
        values = model.similarity(articles, query_vectors).tolist()
        for number, value in zip(numbers, values, strict=True):
            if value > found.get(number, -1.0):  # the most similar of its titles counts
                found[number] = value
        nearest = sorted(
            (number for number, value in found.items() if value >= _MIN_SIMILARITY),
            key=lambda number: -found[number],
        )
        return found, nearest[:_NEAREST]

    def of(
        self, reader: IndexReader, numbers: Sequence[int], query_vectors: "NDArray[np.float32]"
    ) -> dict[int, float]:
        """Return the similarity of documents by number, if they have vectors."""
        model = self._model()
        if model is None:
            return {}
        stored = reader.vectors_of(numbers, model.name, model.vector_bytes)
        if not stored:
            return {}
        vectors = model.unpack([vector for _, vector in stored])
        values = model.similarity(vectors, query_vectors).tolist()
        found: dict[int, float] = {}
        for (number, _), value in zip(stored, values, strict=True):
            found[number] = max(value, found.get(number, -1.0))
        return found
