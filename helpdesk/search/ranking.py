"""Ordering candidates: BM25 finds them, likeness to the title and meaning decide among them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from rapidfuzz.fuzz import token_set_ratio, token_sort_ratio

from helpdesk.domain.text_words import words
from helpdesk.search.query import Query
from helpdesk.search.scoring import Likeness
from helpdesk.search.terms import Term, stem
from helpdesk.search.vocabulary import Vocabulary
from helpdesk.store.search.documents import Candidate, Doc

#: How many ways of saying it with synonyms are tried.
_VARIANTS = 6


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with the evidence that it answers the query, as log odds."""

    number: int
    doc: Doc
    evidence: float


@dataclass(frozen=True, slots=True)
class _Title:
    """A title as it is compared."""

    text: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    present: frozenset[str]


@lru_cache(maxsize=4_096)
def _title(text: str) -> _Title:
    found = tuple(words(text))
    stems = tuple(stem(word) for word in found)
    return _Title(" ".join(found), found, stems, frozenset(stems))


class Ranker:
    """Ranks the candidates of one query."""

    def __init__(
        self, query: Query, terms: Sequence[Term], vocabulary: Vocabulary, kind: str
    ) -> None:
        self._terms = terms
        self._vocabulary = vocabulary
        self._kind = kind
        self._asked = {stem(word) for term in terms for word in term.meant}
        self._typed = " ".join(words(query.text))
        self._corrected = " ".join(term.corrected for term in terms)
        self._synonymous = [
            self._whole([one.typed for one in terms], {term.typed: phrase})
            for term in terms
            for phrase in term.synonyms
        ][:_VARIANTS]
        self._ways = tuple(dict.fromkeys((self._corrected, self._typed, *self._synonymous)))
        self._weights = [
            max(vocabulary.weight(word, kind) for word in term.meant) for term in terms
        ]

    def _whole(self, typed: Sequence[str], put: Mapping[str, str] = MappingProxyType({})) -> str:
        meant = {term.typed: term.corrected for term in self._terms} | dict(put)
        return " ".join(meant.get(word, word) for word in typed)

    def rank(
        self,
        candidates: Sequence[Candidate],
        meanings: Mapping[int, float],
        more: Callable[[Candidate], float],
    ) -> list[Ranked]:
        """Return the candidates with the best first.

        :param meanings: how like each is in meaning, by its number, where that is known.
        :param more: what else speaks for a candidate, as log odds.
        """
        best = min((one.bm25 for one in candidates), default=-1.0) or -1.0
        ranked = []
        for one in candidates:
            meant = meanings.get(one.number)
            share = one.bm25 / best
            evidence = max(
                self._likeness(_title(title), share, meant).evidence() for title in one.doc.titles
            )
            ranked.append(Ranked(one.number, one.doc, evidence + more(one)))
        return sorted(ranked, key=lambda one: -one.evidence)

    def _likeness(self, title: _Title, share: float, meant: float | None) -> Likeness:
        same_words = max(token_set_ratio(way, title.text) for way in self._ways) / 100
        if meant is not None:  # the others say nothing more then
            return Likeness(share, same_words, meaning=meant)
        told = sum(
            weight
            for term, weight in zip(self._terms, self._weights, strict=True)
            if term.found_in(title.present)
        )
        total = answered = 0.0
        for word, stemmed in zip(title.words, title.stems, strict=True):
            weight = self._vocabulary.weight(word, self._kind)
            total += weight
            answered += weight * (stemmed in self._asked)
        return Likeness(
            bm25=share,
            same_words=same_words,
            same_text=token_sort_ratio(self._corrected, title.text) / 100,
            title_in_asked=answered / (total or 1.0),
            told=told / self._vocabulary.most_weight(self._kind),
        )
