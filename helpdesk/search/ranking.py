"""Ordering candidates: BM25 finds them, likeness to the title decides among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from rapidfuzz.fuzz import token_set_ratio, token_sort_ratio

from helpdesk.domain.words import words
from helpdesk.search.calibration import CODES_BONUS, Likeness
from helpdesk.search.query import Query
from helpdesk.search.terms import Term, stem
from helpdesk.search.vocabulary import Vocabulary
from helpdesk.store.search_index import Candidate, Doc

#: How many ways of saying it with synonyms are tried.
_VARIANTS = 6


@dataclass(frozen=True, slots=True)
class Ranked:
    """A document with its points."""

    doc: Doc
    points: float


class Ranker:
    """Ranks the candidates of one query."""

    def __init__(
        self,
        query: Query,
        terms: Sequence[Term],
        vocabulary: Vocabulary,
        kind: str,
    ) -> None:
        self._terms = terms
        self._codes = query.codes
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
        self._weights = [
            max(vocabulary.weight(word, kind) for word in term.meant) for term in terms
        ]
        self._asked_weight = sum(self._weights) or 1.0

    @property
    def variants(self) -> tuple[str, ...]:
        """The query with what misspelt words were taken for, and with synonyms put in."""
        return tuple(dict.fromkeys((self._whole(self._typed.split()), *self._synonymous)))

    def _whole(self, typed: Sequence[str], put: Mapping[str, str] = MappingProxyType({})) -> str:
        meant = {term.typed: term.corrected for term in self._terms} | dict(put)
        return " ".join(meant.get(word, word) for word in typed)

    def rank(
        self, candidates: Sequence[Candidate], meanings: Mapping[str, float] | None = None
    ) -> list[Ranked]:
        """Return the candidates with the best first.

        :param meanings: how like each is in meaning, by its ref; None where that is not known.
        """
        best = min((one.bm25 for one in candidates), default=-1.0) or -1.0
        ranked = []
        for one in candidates:
            like = None if meanings is None else meanings.get(one.doc.ref, 0.0)
            titles = (one.doc.title, *one.doc.aliases)
            points = max(
                replace(self._likeness(title, one.bm25 / best), meaning=like).points()
                for title in titles
            )
            ranked.append(Ranked(one.doc, points + self._codes_bonus(one.doc)))
        return sorted(ranked, key=lambda one: -one.points)

    def _likeness(self, title: str, share: float) -> Likeness:
        title_words = words(title)
        text = " ".join(title_words)
        present = frozenset(stem(word) for word in title_words)
        asked = sum(
            weight
            for term, weight in zip(self._terms, self._weights, strict=True)
            if term.found_in(present)
        )
        title_weights = {word: self._vocabulary.weight(word, self._kind) for word in title_words}
        answered = sum(
            weight for word, weight in title_weights.items() if stem(word) in self._asked
        )
        return Likeness(
            bm25=share,
            asked_in_title=asked / self._asked_weight,
            title_in_asked=answered / (sum(title_weights.values()) or 1.0),
            same_words=max(
                token_set_ratio(variant, text)
                for variant in (self._corrected, self._typed, *self._synonymous)
            )
            / 100,
            same_text=token_sort_ratio(self._corrected, text) / 100,
        )

    def _codes_bonus(self, doc: Doc) -> float:
        if not self._codes:
            return 0.0
        parts = (doc.title, *doc.aliases, doc.tags, doc.headings, doc.body)
        text = f" {' '.join(words(chr(10).join(parts)))} "
        held = sum(f" {code} " in text for code in self._codes)
        return CODES_BONUS * held / len(self._codes)

    def why(self, doc: Doc) -> tuple[str, ...]:
        """Return the query's words that the document holds, ``typed→meant`` where corrected."""
        text = "\n".join((doc.body, doc.headings, doc.tags, *doc.aliases, doc.title))
        whole = {stem(word): word for word in words(text)}
        present = frozenset(whole)
        found = []
        for term in self._terms:
            word = term.found_in(present)
            if word is not None:
                shown = whole.get(stem(word), word)
                alike = shown.startswith(term.typed) or term.typed.startswith(stem(shown))
                found.append(term.typed if alike else f"{term.typed}→{shown}")
        return tuple(found)
