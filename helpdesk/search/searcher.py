"""Searching the index: from a text to a ranked list of hits."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from helpdesk.domain.ticket import FINISHED_STATES
from helpdesk.search.embeddings import EmbeddingModel
from helpdesk.search.other_languages import OtherLanguages, with_others
from helpdesk.search.query import SearchQuery, parse_query
from helpdesk.search.ranking import RankedCandidate, Ranker
from helpdesk.search.scoring import (
    ANSWERED_BONUS,
    CODES_BONUS,
    REPEAT_AT,
    SERVICE_BONUS,
    probability,
)
from helpdesk.search.snippets import MatchExplainer, corrected_text, snippet
from helpdesk.search.synonyms import SYNONYMS, Synonyms
from helpdesk.search.terms import Term, expression, terms_of
from helpdesk.search.translations import TranslatedMatch, TranslationSearch, with_translated
from helpdesk.search.vectors import VectorSearch
from helpdesk.search.vocabulary import Vocabulary
from helpdesk.store.search.documents import ARTICLE, HIDDEN, TICKET, Candidate
from helpdesk.store.search.index import SearchIndex
from helpdesk.store.search.reader import IndexReader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: How many documents of each kind are ranked because of their words.
_CANDIDATES = {ARTICLE: 60, TICKET: 40}
#: The gap used for past tickets.  Many are similar, so their real lead says little.
_TICKET_GAP = 0.5
#: How many matching tickets a query may rank; more would take longer than a key stroke.
_MAX_TICKET_MATCHES = 2_500
#: How many of the most similar past tickets are asked which article answered them.
_LEARN_FROM_TICKETS = 8
#: How many of the best hits by words should have vectors; missing ones are reported.
_NEED_VECTORS = 10
#: How many variants of the query with synonyms are compared in meaning.
_VARIANTS = 3
#: The words of the tickets change all the time; they are counted again after this many seconds.
_COUNT_AGAIN_S = 60.0
#: With fewer tickets, words are counted at each change: it is quick, and each ticket matters.
_MANY_TICKETS = 2_000
_NOTHING: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A document that may answer the query.

    :ivar id: an article's path, or a ticket's reference such as ``HD-12``.
    :ivar score: the probability that it answers the query, 0 to 1.
    :ivar repeat: whether the score is high enough for a repeat issue, and it has an answer.
    :ivar why: the query's words that it contains; ``typed→found`` where corrected.
    """

    kind: str
    id: str
    title: str
    score: float
    repeat: bool
    why: tuple[str, ...]
    snippet: str
    status: str
    service: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The result of a search.

    :ivar corrected: the words that were searched instead of unknown ones.
    :ivar ms: the time taken, in milliseconds.
    :ivar without_vectors: the numbers (in the index) of good hits that were compared by words only,
        because their vectors have not been computed yet.
    :ivar needs_other_languages: whether the query is in another language than the articles, so that
        the vectors of the model of many languages help.
    """

    hits: tuple[SearchHit, ...]
    corrected: tuple[str, ...]
    ms: float
    without_vectors: tuple[int, ...] = ()
    needs_other_languages: bool = False


@dataclass
class _IndexWords:
    """The words of the index, cached between two searches."""

    vocabulary: Vocabulary
    synonyms: Synonyms
    articles_changed: int
    changes: int
    counted_at: float


@dataclass
class _Search:
    """The state of one search."""

    query: SearchQuery
    terms: tuple[Term, ...]
    vocabulary: Vocabulary
    service: str
    excluded: frozenset[str]
    signals: Mapping[str, float]
    synonyms: Synonyms
    translated: dict[int, TranslatedMatch] = field(default_factory=dict)
    needs_other_languages: bool = False
    without_vectors: list[int] = field(default_factory=list)


class Searcher:
    """Searches one index; can be shared by threads."""

    def __init__(
        self,
        index: SearchIndex,
        vectors: Callable[[], EmbeddingModel | None] = lambda: None,
        multilingual: Callable[[], EmbeddingModel | None] = lambda: None,
    ) -> None:
        """Prepare to search an index.

        :param vectors: returns the embedding model, or None; called at the first search.
        :param multilingual: returns the model of many languages, or None; called at the first
            search in another language than that of the articles.
        """
        self._index = index
        self._vectors = VectorSearch(vectors)
        self._translations = TranslationSearch()
        self._other_languages = OtherLanguages(multilingual)
        self._lock = threading.Lock()
        self._known: _IndexWords | None = None

    def clear_cache(self) -> None:
        """Drop what is cached of the index, because its file was replaced."""
        with self._lock:
            self._known = None
        self._translations.forget()
        self._other_languages.forget()
        self._vectors.forget()

    def search(
        self,
        text: str,
        *,
        scope: str = "all",
        limit: int = 10,
        typing: bool = False,
        service: str = "",
        include_drafts: bool = False,
        signals: Mapping[str, float] = _NOTHING,
    ) -> SearchResult:
        """Return the documents that answer the text best.

        :param scope: ``kb``, ``tickets`` or ``all``.
        :param limit: the maximum number of hits.
        :param typing: whether the last word may be incomplete.
        :param service: documents about this service rank a little higher.
        :param signals: further evidence for articles by path, as log odds.
        """
        began = time.perf_counter()
        query = parse_query(text, typing=typing)
        if not query.terms:
            return SearchResult((), (), 0.0)
        excluded = frozenset({HIDDEN, "retired"} | (set() if include_drafts else {"draft"}))
        with self._index.read() as reader:
            search = self._begin(reader, query, service, excluded, signals)
            try:
                hits = self._find(reader, search, scope, limit, meanings=True)
            except MemoryError:  # the model cannot be run: compare words only
                search = self._begin(reader, query, service, excluded, signals)
                hits = self._find(reader, search, scope, limit, meanings=False)
        foreign = {word for match in search.translated.values() for word in match.why}
        corrected = dict.fromkeys(
            term.corrected
            for term in search.terms
            if term.is_corrected and term.typed not in foreign
        )
        # A hit with an answer comes before an open ticket that is just as similar.
        hits.sort(key=lambda hit: (not hit.repeat, -hit.score))
        took_ms = (time.perf_counter() - began) * 1000
        return SearchResult(
            tuple(hits[:limit]),
            tuple(corrected),
            round(took_ms, 2),
            tuple(search.without_vectors),
            search.needs_other_languages,
        )

    def _find(
        self, reader: IndexReader, search: _Search, scope: str, limit: int, *, meanings: bool
    ) -> list[SearchHit]:
        """Return the best hits of each kind.

        :raises MemoryError: if meanings are to be compared and the memory does not suffice.
        """
        variants = _variants(search.query, search.terms)
        query_vectors = self._vectors.of_query(variants) if meanings else None
        hits: list[SearchHit] = []
        past = self._ranked(reader, search, TICKET, query_vectors)
        if scope != "tickets":
            search.signals = _learned(past, search.signals)
            found = self._ranked(reader, search, ARTICLE, query_vectors)
            hits += _hits(reader, found[:limit], found, search.terms, search.translated)
        if scope != "kb":
            hits += _hits(reader, past[:limit], past, search.terms)
        return hits

    def matching_tickets(self, text: str) -> tuple[str, ...]:
        """Return the references of the past tickets that :meth:`search` would rank, unordered."""
        query = parse_query(text, typing=False)
        if not query.terms:
            return ()
        with self._index.read() as reader:
            search = self._begin(reader, query, "", frozenset(), _NOTHING)
            return tuple(found.doc.ref for found in _candidates(reader, search, TICKET))

    def _begin(
        self,
        reader: IndexReader,
        query: SearchQuery,
        service: str,
        excluded: frozenset[str],
        signals: Mapping[str, float],
    ) -> _Search:
        known = self._words(reader)
        occurs = partial(reader.matches_anything, ARTICLE)
        terms = terms_of(query, known.vocabulary, occurs, known.synonyms)
        return _Search(query, terms, known.vocabulary, service, excluded, signals, known.synonyms)

    def _words(self, reader: IndexReader) -> _IndexWords:
        """Return the words of the index: up to date for articles, a little older for tickets."""
        changed, now = reader.articles_changed(), time.monotonic()
        with self._lock:
            known = self._known
            if known is not None and known.articles_changed == changed:
                recent = now - known.counted_at < _COUNT_AGAIN_S
                many = known.vocabulary.tickets >= _MANY_TICKETS
                if (recent and many) or known.changes == reader.changes():
                    return known
            vocabulary = Vocabulary(
                reader.vocabulary(), reader.count(ARTICLE), reader.count(TICKET)
            )
            synonyms = Synonyms.from_note(reader.note(SYNONYMS))
            self._known = _IndexWords(vocabulary, synonyms, changed, reader.changes(), now)
            return self._known

    def _ranked(
        self,
        reader: IndexReader,
        search: _Search,
        kind: str,
        query_vectors: "NDArray[np.float32] | None",
    ) -> list[RankedCandidate]:
        """Return the documents of a kind that may answer the query, best first."""
        found = _candidates(reader, search, kind)
        similarities: dict[int, float] = {}
        if query_vectors is not None and kind == ARTICLE:
            similarities, nearest = self._vectors.nearest_articles(reader, query_vectors)
            if not search.query.phrases:
                found += _not_among(found, nearest, reader)
        elif query_vectors is not None and found:
            numbers = [each.number for each in found]
            similarities = self._vectors.of(reader, numbers, query_vectors)
        found = [each for each in found if each.doc.status not in search.excluded]
        ranker = Ranker(search.query, search.terms, search.vocabulary, kind)
        bonus = _bonus(reader, search, kind, found)
        ranked = ranker.rank(found, similarities, bonus)
        if kind == ARTICLE:
            search.translated = self._translations.find(
                reader, search.query, search.vocabulary, search.synonyms, search.excluded
            )
            if self._other_languages.are_asked(reader, search.query, search.vocabulary):
                search.needs_other_languages = True
                others = self._other_languages.find(reader, search.query, search.excluded)
                with_others(search.translated, others)
            ranked = with_translated(ranked, search.translated, bonus)
        if query_vectors is not None:
            best = ranked[:_NEED_VECTORS]
            search.without_vectors += [
                each.number for each in best if each.number not in similarities
            ]
        return ranked


def _not_among(
    found: Sequence[Candidate], nearest: Iterable[int], reader: IndexReader
) -> list[Candidate]:
    """Return the nearest articles in meaning that the search by words did not find."""
    known = {each.number for each in found}
    more = [number for number in nearest if number not in known]
    return reader.unmatched(more) if more else []


def _variants(query: SearchQuery, terms: Sequence[Term]) -> list[str]:
    """Return the corrected query, and variants of it with synonyms."""
    texts = [corrected_text(query, terms)]
    for term in terms:
        texts += [corrected_text(query, terms, {term.typed: other}) for other in term.synonyms]
    return list(dict.fromkeys(texts))[:_VARIANTS]


def _candidates(reader: IndexReader, search: _Search, kind: str) -> list[Candidate]:
    wanted = search.terms if kind == ARTICLE else _rarest(search.terms, search.vocabulary)
    if not wanted:
        return []
    return reader.candidates(kind, expression(wanted, search.query.phrases), _CANDIDATES[kind])


def _rarest(terms: tuple[Term, ...], vocabulary: Vocabulary) -> tuple[Term, ...]:
    """Return the rarest terms: at least one, and as many as do not match too many tickets."""
    by_count = sorted(
        (sum(vocabulary.count(word, TICKET) for word in term.meant), place)
        for place, term in enumerate(terms)
    )
    chosen: list[int] = []
    matches = 0
    for count, place in by_count:
        matches += count
        if chosen and matches > _MAX_TICKET_MATCHES:
            break
        chosen.append(place)
    return tuple(terms[place] for place in sorted(chosen))


def _bonus(
    reader: IndexReader, search: _Search, kind: str, found: Sequence[Candidate]
) -> Callable[[Candidate], float]:
    """Return a function that rates a candidate by its codes, its service and the desk's usage.

    It returns log odds.
    """
    codes = search.query.codes
    numbers = [each.number for each in found]
    holders = [reader.containing_phrase(kind, code, numbers) for code in codes]

    def bonus(candidate: Candidate) -> float:
        count = sum(candidate.number in numbers for numbers in holders)
        value = CODES_BONUS * count / len(codes) if codes else 0.0
        if search.service and candidate.doc.service == search.service:
            value += SERVICE_BONUS
        return value + search.signals.get(candidate.doc.ref, 0.0)

    return bonus


def _learned(past: Sequence[RankedCandidate], signals: Mapping[str, float]) -> Mapping[str, float]:
    """Return the signals, with a bonus for articles that answered similar past tickets."""
    found = dict(signals)
    for ticket in past[:_LEARN_FROM_TICKETS]:
        bonus = ANSWERED_BONUS * probability(ticket.evidence, 0.0)
        for path in ticket.doc.answered_by:
            found[path] = max(found.get(path, 0.0), signals.get(path, 0.0) + bonus)
    return found


def _hits(
    reader: IndexReader,
    chosen: Sequence[RankedCandidate],
    ranked: Sequence[RankedCandidate],
    terms: Sequence[Term],
    translated: Mapping[int, TranslatedMatch] = MappingProxyType({}),
) -> list[SearchHit]:
    docs = reader.with_bodies([each.number for each in chosen])
    why = MatchExplainer(terms)
    hits = []
    for place, each in enumerate(chosen):
        doc = docs.get(each.number, each.doc)
        answered = doc.kind == ARTICLE or doc.status in FINISHED_STATES
        score = probability(each.evidence, _gap(place, ranked))
        matched, text = why.of(doc), doc.body
        if each.number in translated:
            matched, text = translated[each.number].why, translated[each.number].body
        hits.append(
            SearchHit(
                kind=doc.kind,
                id=doc.ref,
                title=doc.title,
                score=round(score, 3),
                repeat=answered and score >= REPEAT_AT,
                why=matched,
                snippet=snippet(text, matched),
                status=doc.status,
                service=doc.service,
            )
        )
    return hits


def _gap(place: int, ranked: Sequence[RankedCandidate]) -> float:
    """Return the lead over the next hit, or as a negative number the distance from the first."""
    hit = ranked[place]
    if hit.doc.kind == TICKET:
        return _TICKET_GAP + hit.evidence - ranked[0].evidence
    if place:
        return hit.evidence - ranked[0].evidence
    return hit.evidence - ranked[1].evidence if len(ranked) > 1 else _TICKET_GAP
