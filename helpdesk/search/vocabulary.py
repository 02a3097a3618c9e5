"""The index's own words: how common each is, and which one a misspelt word was meant to be."""

import math
from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.fuzz import ratio

from helpdesk.store.search_index import ARTICLE

_SIMILAR = 75
_CORRECTIONS = 3
_SHORTEST = 4
_SEVERAL = 3


class Vocabulary:
    """Every word of the index with the number of documents that hold it."""

    def __init__(self, counts: Mapping[str, tuple[int, int]], articles: int, tickets: int) -> None:
        self._counts = counts
        self._totals = (articles, tickets)
        # Words with digits are codes and names of machines: nothing to guess at.
        self._guessable = [
            word
            for word in counts
            if len(word) >= _SHORTEST - 1 and word.isalpha() and self.knows(word)
        ]
        self._corrections: dict[str, tuple[str, ...]] = {}

    def count(self, word: str, kind: str) -> int:
        """Return how many documents of a kind hold the word."""
        return self._counts.get(word, (0, 0))[0 if kind == ARTICLE else 1]

    def knows(self, word: str) -> bool:
        """Whether the word is one: an article holds it, or several tickets do.

        What stands in a ticket or two may be the same slip of the finger.
        """
        articles, tickets = self._counts.get(word, (0, 0))
        return articles > 0 or tickets >= _SEVERAL

    def weight(self, word: str, kind: str) -> float:
        """Return the word's inverse document frequency: high for a rare word."""
        total = self._totals[0 if kind == ARTICLE else 1]
        count = self.count(word, kind)
        return math.log(1 + (total - count + 0.5) / (count + 0.5))

    def corrections(self, word: str) -> tuple[str, ...]:
        """Return the known words that a misspelt one was most probably meant to be, best first."""
        if len(word) < _SHORTEST or not word.isalpha():
            return ()
        known = self._corrections.get(word)
        if known is None:
            if len(self._corrections) > 5_000:
                self._corrections.clear()
            known = self._corrections[word] = self._look_up(word)
        return known

    def _look_up(self, word: str) -> tuple[str, ...]:
        near = process.extract(
            word, self._guessable, scorer=ratio, score_cutoff=_SIMILAR, limit=3 * _CORRECTIONS
        )
        # Among equally similar words fewer slips of the finger are likelier, then common words.
        ranked = sorted(
            near,
            key=lambda hit: (
                DamerauLevenshtein.distance(word, hit[0]) - (hit[0][0] == word[0]) * 0.5,
                -sum(self._counts[hit[0]]),
            ),
        )
        return tuple(hit[0] for hit in ranked[:_CORRECTIONS])
