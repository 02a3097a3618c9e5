"""The index's own words: how common each is, and which one a misspelt word was meant to be."""

import math
from bisect import bisect_left
from collections.abc import Mapping
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.fuzz import ratio

from helpdesk.store.search.documents import ARTICLE

_SIMILAR = 75
_CORRECTIONS = 3
_SHORTEST = 4
#: Parts of compounds: shorter ones stand in too many words by chance.
_SHORTEST_PART = 4
_SHORTEST_COMPOUND = 9
#: What German puts between the parts of a compound.
_JOINTS = ("", "s", "n", "es", "en")
_KEPT = 5_000


class Vocabulary:
    """The words of the index with the number of documents that hold each.

    A word is one that an article holds, or several tickets: what stands in a ticket or two may be
    the same slip of the finger.
    """

    def __init__(self, counts: Mapping[str, tuple[int, int]], articles: int, tickets: int) -> None:
        self._counts = counts
        self._totals = (articles, tickets)
        # Words with digits are codes and names of machines: nothing to guess at.
        self._guessable = sorted(
            word for word in counts if len(word) >= _SHORTEST - 1 and word.isalpha()
        )
        self._weights: dict[tuple[str, str], float] = {}
        self._corrections: dict[str, tuple[str, ...]] = {}
        self._compounds: dict[str, tuple[str, ...]] = {}

    @property
    def tickets(self) -> int:
        """How many tickets there are."""
        return self._totals[1]

    def count(self, word: str, kind: str) -> int:
        """Return how many documents of a kind hold the word."""
        return self._counts.get(word, (0, 0))[0 if kind == ARTICLE else 1]

    def knows(self, word: str) -> bool:
        """Whether it is a word of the index."""
        return word in self._counts

    def weight(self, word: str, kind: str) -> float:
        """Return the word's inverse document frequency: high for a rare word."""
        known = self._weights.get((word, kind))
        if known is None:
            total = self._totals[0 if kind == ARTICLE else 1]
            count = self.count(word, kind)
            known = math.log(1 + max(0.0, total - count + 0.5) / (count + 0.5))
            if len(self._weights) > 4 * _KEPT:
                self._weights.clear()
            self._weights[word, kind] = known
        return known

    def most_weight(self, kind: str) -> float:
        """Return about the weight of a word that one document of a kind holds."""
        return math.log(2 + self._totals[0 if kind == ARTICLE else 1])

    def completion(self, beginning: str) -> str:
        """Return the commonest word that begins so; "" if there is none."""
        start = bisect_left(self._guessable, beginning)
        found = islice(self._guessable, start, start + 200)
        some = [word for word in found if word.startswith(beginning)]
        return max(some, key=lambda word: sum(self._counts[word]), default="")

    def corrections(self, word: str) -> tuple[str, ...]:
        """Return the known words that a misspelt one was most probably meant to be, best first."""
        if len(word) < _SHORTEST or not word.isalpha():
            return ()
        known = self._corrections.get(word)
        if known is None:
            if len(self._corrections) > _KEPT:
                self._corrections.clear()
            known = self._corrections[word] = self._look_up(word)
        return known

    def compounds(self, word: str) -> tuple[str, ...]:
        """Return what an unknown word is a part of, or is put together from.

        ``warteschlange`` is a part of ``druckerwarteschlange``, and that one is put together from
        ``drucker`` and ``warteschlange``, which is returned as a phrase.
        """
        if len(word) < _SHORTEST_PART + 1 or not word.isalpha():
            return ()
        known = self._compounds.get(word)
        if known is None:
            if len(self._compounds) > _KEPT:
                self._compounds.clear()
            within = (one for one in self._guessable if one.endswith(word))
            known = (*islice(within, _CORRECTIONS), *self._split(word))
            self._compounds[word] = known
        return known

    def _split(self, word: str) -> tuple[str, ...]:
        if len(word) < _SHORTEST_COMPOUND:
            return ()
        for place in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
            first, second = word[:place], word[place:]
            if second not in self._counts:
                continue
            for joint in _JOINTS:
                part = first.removesuffix(joint)
                if first.endswith(joint) and len(part) >= _SHORTEST_PART and part in self._counts:
                    return (f"{part} {second}",)
        return ()

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
