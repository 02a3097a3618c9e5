"""How like documents are to a query in meaning, from the vectors that the index keeps."""

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from helpdesk.search.embeddings import MODEL, SIZE, Meaning
from helpdesk.store.search.documents import ARTICLE
from helpdesk.store.search.reader import Reader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from helpdesk.search.embeddings import Shelf

#: How many articles are looked at because they mean the same, whatever their words.
_LIKEST = 30
#: Below it two texts have nothing to do with each other.
_LIKE_ENOUGH = 0.3
_KEPT_QUERIES = 64


class Meanings:
    """The articles' vectors, kept in memory, and the tickets', fetched as they are needed."""

    def __init__(self, meaning: Callable[[], Meaning | None]) -> None:
        self._meaning = meaning
        self._lock = threading.Lock()
        self._numbers: list[int] = []
        self._shelf: Shelf | None = None
        self._read_at = -1
        self._queries: dict[tuple[str, ...], Any] = {}

    def forget(self) -> None:
        """Read the vectors anew at the next search."""
        with self._lock:
            self._shelf = None

    def asked(self, ways: Sequence[str]) -> "NDArray[np.float32] | None":
        """Return the vectors of some ways of saying a query; None where there is no meaning."""
        telling = tuple(way for way in ways if any(word.isalpha() for word in way.split()))
        model = self._meaning()
        if model is None or not telling:
            return None
        with self._lock:
            known = self._queries.get(telling)
        if known is None:
            known = model.vectors(telling)
            with self._lock:
                if len(self._queries) >= _KEPT_QUERIES:
                    self._queries.clear()
                self._queries[telling] = known
        found: NDArray[np.float32] = known
        return found

    def likest_articles(
        self, reader: Reader, asked: "NDArray[np.float32]"
    ) -> tuple[dict[int, float], list[int]]:
        """Return how like each article is, by its number, and the numbers of the likest."""
        model = self._meaning()
        assert model is not None  # noqa: S101  (there is a query's vector)
        changed = reader.articles_changed()
        with self._lock:
            if self._shelf is None or changed != self._read_at:
                stored = reader.vectors(ARTICLE, MODEL, SIZE)
                self._numbers = [number for number, _ in stored]
                self._shelf = model.shelf([vector for _, vector in stored])
                self._read_at = changed
            numbers, shelf = self._numbers, self._shelf
        found: dict[int, float] = {}
        values = model.likeness(shelf, asked).tolist()
        for number, value in zip(numbers, values, strict=True):
            if value > found.get(number, -1.0):  # of its titles the likest counts
                found[number] = value
        likest = sorted(
            (number for number, value in found.items() if value >= _LIKE_ENOUGH),
            key=lambda number: -found[number],
        )
        return found, likest[:_LIKEST]

    def of(
        self, reader: Reader, numbers: Sequence[int], asked: "NDArray[np.float32]"
    ) -> dict[int, float]:
        """Return how like some documents are, by number, as far as they have vectors."""
        model = self._meaning()
        stored = reader.vectors_of(numbers, MODEL, SIZE)
        if model is None or not stored:
            return {}
        values = model.likeness(model.shelf([vector for _, vector in stored]), asked).tolist()
        found: dict[int, float] = {}
        for (number, _), value in zip(stored, values, strict=True):
            found[number] = max(value, found.get(number, -1.0))
        return found
