"""Searching the index: from a text to a ranked list of hits."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from helpdesk.search.candidates import candidates
from helpdesk.search.embeddings import EmbeddingModel
from helpdesk.search.evidence import bonus_of, learned
from helpdesk.search.hits import SearchHit, hits_of, in_order
from helpdesk.search.marks import MarkRule
from helpdesk.search.options import SearchOptions, SearchResult
from helpdesk.search.other_languages import OtherLanguages, with_others
from helpdesk.search.query import SearchQuery, parse_query
from helpdesk.search.ranking import RankedCandidate, Ranker
from helpdesk.search.snippets import corrected_text
from helpdesk.search.synonyms import SYNONYMS, Synonyms
from helpdesk.search.terms import Term, terms_of
from helpdesk.search.translations import TranslatedMatch, TranslationSearch, with_translated
from helpdesk.search.vectors import VectorSearch
from helpdesk.search.vocabulary import Vocabulary
from helpdesk.store.search.documents import ARTICLE, TICKET, Candidate
from helpdesk.store.search.index import SearchIndex
from helpdesk.store.search.reader import IndexReader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Tickets of the same subject become one hit, so that more than the limit are scored.
_MORE_TICKETS = 30
#: How many of the best articles are compared sentence by sentence.
_COMPARE_BODIES = 20
#: How many of the best hits by words should have vectors; missing ones are reported.
_NEED_VECTORS = 10
#: How many variants of the query with synonyms are compared in meaning.
_VARIANTS = 3
#: The words of the tickets change all the time; they are counted again after this many seconds.
_COUNT_AGAIN_S = 60.0
#: With fewer tickets, words are counted at each change: it is quick, and each ticket matters.
_MANY_TICKETS = 2_000
_USUAL = SearchOptions()


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
    options: SearchOptions
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
        self._vectors.forget()
        self._translations.forget()
        self._other_languages.forget()

    def search(
        self,
        text: str,
        *,
        scope: str = "all",
        limit: int = 10,
        typing: bool = False,
        service: str = "",
        options: SearchOptions = _USUAL,
    ) -> SearchResult:
        """Return the documents that answer the text best.

        The first line is the subject.  Further lines are details: they can find more, and never
        make a hit less likely than the subject alone.

        :param scope: ``kb``, ``tickets`` or ``all``.
        :param limit: the maximum number of hits.
        :param typing: whether the last word may be incomplete.
        :param service: documents about this service come first among those with similar scores.
        """
        began = time.perf_counter()
        # What came in bytes that are no UTF-8 can neither be looked up nor encoded.
        text = text.encode("utf-8", "replace").decode().lstrip()
        subject = text.partition("\n")[0]
        found: list[SearchHit] = []
        corrected: dict[str, None] = {}
        without_vectors: dict[int, None] = {}
        needs_other_languages = False
        for part in dict.fromkeys((subject, text)):
            query = parse_query(part, typing=typing and part == text)
            if query.terms:
                hits, search = self._hits_for(query, scope, limit, options)
                found += hits
                corrected |= dict.fromkeys(_corrected(search))
                without_vectors |= dict.fromkeys(search.without_vectors)
                needs_other_languages |= search.needs_other_languages
        took_ms = (time.perf_counter() - began) * 1000
        return SearchResult(
            tuple(in_order(found, service, options.unfit, folded=options.folded)[:limit]),
            tuple(corrected),
            round(took_ms, 2),
            tuple(without_vectors),
            needs_other_languages,
        )

    def _hits_for(
        self, query: SearchQuery, scope: str, limit: int, options: SearchOptions
    ) -> tuple[list[SearchHit], _Search]:
        with self._index.read() as reader:
            search = self._begin(reader, query, options)
            try:
                hits = self._find(reader, search, scope, limit, meanings=True)
            except MemoryError:  # the model cannot be run: compare words only
                search = self._begin(reader, query, options)
                hits = self._find(reader, search, scope, limit, meanings=False)
        return hits, search

    def _find(
        self, reader: IndexReader, search: _Search, scope: str, limit: int, *, meanings: bool
    ) -> list[SearchHit]:
        """Return the best hits of each kind.

        :raises MemoryError: if meanings are to be compared and the memory does not suffice.
        """
        variants = _variants(search)
        query_vectors = self._vectors.of_query(variants) if meanings else None
        hits: list[SearchHit] = []
        past = self._ranked(reader, search, TICKET, query_vectors)
        if scope != "tickets":
            search.signals = learned(past, search.signals, search.options.unfit)
            found = self._ranked(reader, search, ARTICLE, query_vectors)
            rule = MarkRule(search.terms, search.vocabulary, ARTICLE)
            hits += hits_of(reader, found, search.terms, rule, limit, search.translated)
        if scope != "kb":
            rule = MarkRule(search.terms, search.vocabulary, TICKET)
            hits += hits_of(reader, past, search.terms, rule, max(limit, _MORE_TICKETS))
        return hits

    def matching_tickets(self, text: str) -> tuple[str, ...]:
        """Return the references of the past tickets that :meth:`search` would rank, unordered."""
        query = parse_query(text, typing=False)
        if not query.terms:
            return ()
        with self._index.read() as reader:
            search = self._begin(reader, query, _USUAL)
            found = candidates(reader, query, search.terms, search.vocabulary, TICKET)
            return tuple(each.doc.ref for each in found)

    def _begin(self, reader: IndexReader, query: SearchQuery, options: SearchOptions) -> _Search:
        known = self._words(reader)
        terms = terms_of(
            query,
            known.vocabulary,
            reader.matches_anything,
            known.synonyms,
            as_typed=options.as_typed,
        )
        return _Search(query, terms, known.vocabulary, options, options.signals, known.synonyms)

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
        found = candidates(reader, search.query, search.terms, search.vocabulary, kind)
        similarities: dict[int, float] = {}
        if query_vectors is not None and kind == ARTICLE:
            similarities, nearest = self._vectors.nearest_articles(reader, query_vectors)
            if not search.query.phrases:
                found += _not_among(found, nearest, reader)
        elif query_vectors is not None and found:
            numbers = [each.number for each in found]
            similarities = self._vectors.of(reader, numbers, query_vectors)
        found = [each for each in found if search.options.admits(each.doc)]
        ranker = Ranker(search.query, search.terms, search.vocabulary, kind)
        bonus = bonus_of(
            reader, search.query, search.terms, kind, found, search.options, search.signals
        )
        ranked = ranker.rank(found, similarities, bonus)
        if kind == ARTICLE:
            bodies = reader.with_bodies([each.number for each in ranked[:_COMPARE_BODIES]])
            ranked = ranker.with_passages(ranked, bodies)
            search.translated = self._translated(reader, search)
            ranked = with_translated(ranked, search.translated, bonus)
        if query_vectors is not None:
            best = ranked[:_NEED_VECTORS]
            search.without_vectors += [
                each.number for each in best if each.number not in similarities
            ]
        return ranked

    def _translated(self, reader: IndexReader, search: _Search) -> dict[int, TranslatedMatch]:
        """Return the articles that answer the query in another language, by number."""
        query, excluded = search.query, search.options.excluded
        found = self._translations.find(reader, query, search.vocabulary, search.synonyms, excluded)
        if self._other_languages.are_asked(reader, query, search.vocabulary):
            search.needs_other_languages = True
            with_others(found, self._other_languages.find(reader, query, excluded))
        return found


def _not_among(
    found: Sequence[Candidate], nearest: Iterable[int], reader: IndexReader
) -> list[Candidate]:
    """Return the nearest articles in meaning that the search by words did not find."""
    known = {each.number for each in found}
    more = [number for number in nearest if number not in known]
    return reader.unmatched(more) if more else []


def _corrected(search: _Search) -> Iterator[str]:
    """Yield the words that were searched instead of unknown ones."""
    foreign = {word for match in search.translated.values() for word in match.why}
    for term in search.terms:
        if term.is_corrected and term.typed not in foreign:
            yield term.corrected


def _variants(search: _Search) -> list[str]:
    """Return the corrected query, and variants of it with synonyms.

    Other spellings and compounds have the same meaning; they would only blur it.
    """
    texts = [corrected_text(search.query, search.terms)]
    for word, others in search.synonyms.of(search.query.terms).items():
        texts += [corrected_text(search.query, search.terms, {word: other}) for other in others]
    return list(dict.fromkeys(texts))[:_VARIANTS]
