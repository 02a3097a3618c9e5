"""Ranking the candidates that BM25 found, by similarity of words and of meaning."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from rapidfuzz.fuzz import token_set_ratio, token_sort_ratio

from helpdesk.domain.text_words import words
from helpdesk.search.query import SearchQuery
from helpdesk.search.scoring import MatchFeatures
from helpdesk.search.terms import Term, stem
from helpdesk.search.vocabulary import Vocabulary
from helpdesk.store.search.documents import Candidate, Doc

#: How many variants of the query with synonyms are compared.
_VARIANTS = 6


@dataclass(frozen=True, slots=True)
class RankedCandidate:
    """A candidate, and the log odds that it answers the query."""

    number: int
    doc: Doc
    evidence: float


@dataclass(frozen=True, slots=True)
class _Title:
    """A title, prepared for comparing: its words, and their stems as a sequence and as a set."""

    text: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    stem_set: frozenset[str]


@lru_cache(maxsize=4_096)
def _title(text: str) -> _Title:
    found = tuple(words(text))
    stems = tuple(stem(word) for word in found)
    return _Title(" ".join(found), found, stems, frozenset(stems))


class Ranker:
    """Ranks the candidates of one query."""

    def __init__(
        self, query: SearchQuery, terms: Sequence[Term], vocabulary: Vocabulary, kind: str
    ) -> None:
        self._terms = terms
        self._vocabulary = vocabulary
        self._kind = kind
        self._query_stems = {stem(word) for term in terms for word in term.meant}
        self._typed = " ".join(words(query.text))
        self._corrected = " ".join(term.corrected for term in terms)
        synonymous = [
            self._text([each.typed for each in terms], {term.typed: phrase})
            for term in terms
            for phrase in term.synonyms
        ][:_VARIANTS]
        self._variants = tuple(dict.fromkeys((self._corrected, self._typed, *synonymous)))
        self._weights = [
            max(vocabulary.weight(word, kind) for word in term.meant) for term in terms
        ]

    def _text(self, typed: Sequence[str], put: Mapping[str, str] = MappingProxyType({})) -> str:
        """Return the query with its words corrected, and some replaced as ``put`` says."""
        meant = {term.typed: term.corrected for term in self._terms} | dict(put)
        return " ".join(meant.get(word, word) for word in typed)

    def rank(
        self,
        candidates: Sequence[Candidate],
        similarities: Mapping[int, float],
        bonus: Callable[[Candidate], float],
    ) -> list[RankedCandidate]:
        """Return the candidates, best first.

        :param similarities: the similarity in meaning to the query, by the candidate's number,
            where it is known.
        :param bonus: returns further evidence for a candidate, as log odds.
        """
        best = min((each.bm25 for each in candidates), default=-1.0) or -1.0
        ranked = []
        for each in candidates:
            similarity = similarities.get(each.number)
            share = each.bm25 / best
            evidence = max(
                self._features(_title(title), share, similarity).evidence()
                for title in each.doc.titles
            )
            ranked.append(RankedCandidate(each.number, each.doc, evidence + bonus(each)))
        return sorted(ranked, key=lambda each: -each.evidence)

    def _features(self, title: _Title, share: float, similarity: float | None) -> MatchFeatures:
        same_words = max(token_set_ratio(text, title.text) for text in self._variants) / 100
        if similarity is not None:  # the other features add nothing then
            return MatchFeatures(share, same_words, similarity=similarity)
        shared_weight = sum(
            weight
            for term, weight in zip(self._terms, self._weights, strict=True)
            if term.found_in(title.stem_set)
        )
        total = covered = 0.0
        for word, stemmed in zip(title.words, title.stems, strict=True):
            weight = self._vocabulary.weight(word, self._kind)
            total += weight
            covered += weight * (stemmed in self._query_stems)
        return MatchFeatures(
            bm25=share,
            same_words=same_words,
            same_text=token_sort_ratio(self._corrected, title.text) / 100,
            title_coverage=covered / (total or 1.0),
            shared_weight=shared_weight / self._vocabulary.max_weight(self._kind),
        )
