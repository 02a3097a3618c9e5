"""The words of the index: how common each is, and corrections of misspelt ones."""

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
#: From so many letters on, a word may have two errors, or three if it is very long.
_LONG, _VERY_LONG = 6, 9
#: The shortest part of a compound; shorter ones occur in too many words by chance.
_SHORTEST_PART = 4
_SHORTEST_COMPOUND = 9
#: The linking letters between the parts of a German compound.
_LINKS = ("", "s", "n", "es", "en")
_CACHED = 5_000


class Vocabulary:
    """The words of the index with the number of documents that contain each.

    These are the words of the articles, and those of several tickets: a word in one or two tickets
    may be a typing error.
    """

    def __init__(self, counts: Mapping[str, tuple[int, int]], articles: int, tickets: int) -> None:
        self._counts = counts
        self._totals = (articles, tickets)
        # Words with digits are codes and host names, which are never corrected.
        self._suggestions = sorted(
            word for word in counts if len(word) >= _SHORTEST - 1 and word.isalpha()
        )
        self._weights: dict[tuple[str, str], float] = {}
        self._corrections: dict[str, tuple[str, ...]] = {}
        self._compounds: dict[str, tuple[str, ...]] = {}

    @property
    def tickets(self) -> int:
        """The number of tickets in the index."""
        return self._totals[1]

    @property
    def articles(self) -> int:
        """The number of articles in the index."""
        return self._totals[0]

    def count(self, word: str, kind: str) -> int:
        """Return how many documents of a kind contain the word."""
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
            if len(self._weights) > 4 * _CACHED:
                self._weights.clear()
            self._weights[word, kind] = known
        return known

    def stem_weight(self, stemmed: str, kind: str) -> float:
        """Return the weight of a stem: that of the word of its length, or of its plain endings."""
        known = self._weights.get((f"{stemmed}-", kind))
        if known is None:
            forms = (stemmed, f"{stemmed}s", f"{stemmed}e", f"{stemmed}ed", f"{stemmed}ing")
            known = min(self.weight(form, kind) for form in forms)
            self._weights[f"{stemmed}-", kind] = known
        return known

    def max_weight(self, kind: str) -> float:
        """Return about the weight of a word that only one document of a kind contains."""
        return math.log(2 + self._totals[0 if kind == ARTICLE else 1])

    def completion(self, beginning: str) -> str:
        """Return the most common word with this beginning; "" if there is none."""
        start = bisect_left(self._suggestions, beginning)
        found = islice(self._suggestions, start, start + 200)
        matching = [word for word in found if word.startswith(beginning)]
        return max(matching, key=lambda word: sum(self._counts[word]), default="")

    def corrections(self, word: str, *, is_used: bool = False) -> tuple[str, ...]:
        """Return the known words that were probably meant by a misspelt one, best first.

        :param is_used: whether a ticket contains the word.  It may be a name, or somebody has
            misspelt it before: only words of articles with one error are returned.
        """
        if len(word) < _SHORTEST or not word.isalpha():
            return ()
        if is_used:
            return tuple(
                each
                for each in self.corrections(word)
                if self.count(each, ARTICLE)
                and len(word) >= _LONG
                and DamerauLevenshtein.distance(word, each) == 1
            )
        known = self._corrections.get(word)
        if known is None:
            if len(self._corrections) > _CACHED:
                self._corrections.clear()
            known = self._corrections[word] = self._look_up(word)
        return known

    def compounds(self, word: str) -> tuple[str, ...]:
        """Return known compounds that an unknown word is part of, and its own parts as a phrase.

        For ``warteschlange`` this is ``druckerwarteschlange``; for ``druckerwarteschlange`` it is
        the phrase ``drucker warteschlange``.
        """
        if len(word) < _SHORTEST_PART + 1 or not word.isalpha():
            return ()
        known = self._compounds.get(word)
        if known is None:
            if len(self._compounds) > _CACHED:
                self._compounds.clear()
            compounds = (
                each for each in self._suggestions if word in each and self._is_part(word, each)
            )
            known = (*islice(compounds, _CORRECTIONS), *self._split(word))
            self._compounds[word] = known
        return known

    def _is_part(self, word: str, compound: str) -> bool:
        """Whether a word is a part of a compound, and not just a run of its letters."""
        before, _, after = compound.partition(word)
        if not (before and after):
            return len(before or after) >= _SHORTEST_PART
        return all(
            any(rest.removesuffix(link) in self._counts for link in _LINKS if rest.endswith(link))
            for rest in (before, after)
        )

    def _split(self, word: str) -> tuple[str, ...]:
        if len(word) < _SHORTEST_COMPOUND:
            return ()
        for place in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
            first, second = word[:place], word[place:]
            if second not in self._counts:
                continue
            for link in _LINKS:
                part = first.removesuffix(link)
                if first.endswith(link) and len(part) >= _SHORTEST_PART and part in self._counts:
                    return (f"{part} {second}",)
        return ()

    def _look_up(self, word: str) -> tuple[str, ...]:
        near = process.extract(
            word, self._suggestions, scorer=ratio, score_cutoff=_SIMILAR, limit=3 * _CORRECTIONS
        )
        # Words with fewer typing errors come first, then the more common ones.
        errors = {hit[0]: DamerauLevenshtein.distance(word, hit[0]) for hit in near}
        likely = [each for each in errors if _is_likely(word, each, errors[each])]
        likely.sort(key=lambda each: (errors[each], -sum(self._counts[each])))
        return tuple(likely[:_CORRECTIONS])


def _is_likely(typed: str, meant: str, errors: int) -> bool:
    """Whether a word was probably misspelt as another; the first letter is seldom wrong."""
    if typed[0] != meant[0]:
        return errors == 1 and len(typed) >= _LONG
    return errors <= (1 if len(typed) < _LONG else 3 if len(typed) > _VERY_LONG else 2)
