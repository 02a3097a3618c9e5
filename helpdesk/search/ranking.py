"""Ranking the candidates that BM25 found, by similarity of words and of meaning."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from rapidfuzz.fuzz import token_set_ratio, token_sort_ratio

from helpdesk.domain.stems import stem
from helpdesk.domain.text_words import words
from helpdesk.search.query import SearchQuery
from helpdesk.search.scoring import (
    ALL_WORDS_BONUS,
    ALL_WORDS_BONUS_OF_FIRST,
    FIRST_BY_MEANING,
    PASSAGE_BY_MEANING,
    PASSAGE_BY_WORDS,
    MatchFeatures,
)
from helpdesk.search.terms import Term
from helpdesk.search.vocabulary import Vocabulary
from helpdesk.store.search.documents import Candidate, Doc

#: How much of a body is compared sentence by sentence.
_BODY_COMPARED, _SENTENCES_COMPARED = 3_000, 40
_SENTENCE_END = re.compile(r"[\n.!?]+\s*")
#: Puts a candidate before another of the same evidence.
_JUST_BEFORE = 0.001
#: How many variants of the query with synonyms are compared.
_VARIANTS = 6


@dataclass(frozen=True, slots=True)
class RankedCandidate:
    """A candidate, and the log odds that it answers the query.

    :ivar similarity: its similarity in meaning to the query; None if it is not known.
    :ivar has_all_words: whether it contains every word of the query.
    """

    number: int
    doc: Doc
    evidence: float
    similarity: float | None = None
    has_all_words: bool = False


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


@lru_cache(maxsize=512)
def _passages(body: str) -> tuple[frozenset[str], ...]:
    """Return the stems of each sentence of a body; of its beginning if it is long."""
    sentences = _SENTENCE_END.split(body[:_BODY_COMPARED])[:_SENTENCES_COMPARED]
    found = (frozenset(map(stem, words(each))) for each in sentences)
    return tuple(each for each in found if len(each) > 1)


class Ranker:
    """Ranks the candidates of one query."""

    def __init__(
        self, query: SearchQuery, terms: Sequence[Term], vocabulary: Vocabulary, kind: str
    ) -> None:
        self._terms = terms
        self._vocabulary = vocabulary
        self._kind = kind
        # Long numbers that no document has (a telephone number, say) say nothing about the issue.
        noise = {
            term.typed
            for term in terms
            if term.typed.isdigit() and not any(map(vocabulary.knows, term.meant))
        }
        self._terms = terms = [term for term in terms if term.typed not in noise] or terms
        self._query_stems = {stem(word) for term in terms for word in term.meant}
        self._typed = " ".join(word for word in words(query.text) if word not in noise)
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

        #: Every word counts where sentences are compared; synonyms and corrections count as well.
        stems = {stem(word) for word in (*self._typed.split(), *self._corrected.split())}
        self._all_weights = {each: vocabulary.stem_weight(each, kind) for each in stems}

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
            evidence += bonus(each)
            ranked.append(
                RankedCandidate(each.number, each.doc, evidence, similarity, each.has_all_words)
            )
        return sorted(ranked, key=lambda each: -each.evidence)

    def with_passages(
        self, ranked: Sequence[RankedCandidate], bodies: Mapping[int, Doc]
    ) -> list[RankedCandidate]:
        """Return the candidates, ranked again by the best sentence of those whose body is given.

        Where meanings are compared, a sentence decides which candidate comes first only as far as
        their titles leave it open: one that shares many words with the query is no reason to put
        another article before that whose title means the same.
        """
        shares = [self._best_passage(bodies[each.number]) if each.number in bodies else 0.0
                  for each in ranked]  # fmt: skip
        found = []
        for each, share in zip(ranked, shares, strict=True):
            weight, mean = PASSAGE_BY_WORDS if each.similarity is None else PASSAGE_BY_MEANING
            found.append(replace(each, evidence=each.evidence + weight * (share - mean)))
        if not found or any(each.similarity is None for each in found):
            return sorted(found, key=lambda each: -each.evidence)
        place = max(
            range(len(found)), key=lambda place: self._as_first(ranked[place], shares[place])
        )
        most = max(each.evidence for each in found)
        if found[place].evidence < most:
            found[place] = replace(found[place], evidence=most + _JUST_BEFORE)
        return sorted(found, key=lambda each: -each.evidence)

    def _as_first(self, each: RankedCandidate, share: float) -> float:
        """Return the log odds by which the first of the candidates is chosen by meaning."""
        weight, mean = FIRST_BY_MEANING
        unlike = 1 - max(0.0, each.similarity or 0.0)
        all_words = each.has_all_words and len(self._terms) > 1
        fewer = (ALL_WORDS_BONUS - ALL_WORDS_BONUS_OF_FIRST) * all_words
        return each.evidence - fewer + weight * unlike**2 * (share - mean)

    def _best_passage(self, doc: Doc) -> float:
        """Return how similar the most similar sentence of a document is to the query, 0 to 1."""
        wanted = sum(self._all_weights.values())
        best = 0.0
        for present in (*(_title(each).stem_set for each in doc.titles), *_passages(doc.body)):
            shared = sum(self._all_weights[each] for each in present & self._all_weights.keys())
            # However short the sentence is, it cannot be more similar than this.
            if shared > best * best * wanted:
                total = sum(self._vocabulary.stem_weight(each, self._kind) for each in present)
                best = max(best, shared / math.sqrt(wanted * max(total, shared)))
        return best

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
