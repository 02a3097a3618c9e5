"""Searching: from what a person typed to hits, best first."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from helpdesk.domain.ticket import FINISHED_STATES
from helpdesk.search.embeddings import Meaning
from helpdesk.search.query import Query, parse_query
from helpdesk.search.ranking import Ranked, Ranker
from helpdesk.search.scoring import (
    ANSWERED_BONUS,
    CODES_BONUS,
    REPEAT_AT,
    SERVICE_BONUS,
    chance,
)
from helpdesk.search.snippets import Why, corrected_text, snippet
from helpdesk.search.synonyms import SYNONYMS, Synonyms
from helpdesk.search.terms import Term, expression, terms_of
from helpdesk.search.vectors import Meanings
from helpdesk.search.vocabulary import Vocabulary
from helpdesk.store.search.documents import ARTICLE, HIDDEN, TICKET, Candidate
from helpdesk.store.search.index import SearchIndex
from helpdesk.store.search.reader import Reader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: How many documents of each kind are ranked because of their words.
_CANDIDATES = {ARTICLE: 60, TICKET: 40}
#: Past tickets repeat each other: none of them leads by much, so their lead is not counted.
_TICKET_GAP = 0.5
#: How many matching tickets a query may rank: more take longer than a person's key stroke.
_TICKET_MATCHES = 2_500
#: So many of the likest past tickets tell which article answered them.
_TELLING_TICKETS = 8
#: So many of the best hits by words are compared in meaning, too, even if nobody has computed
#: their vectors yet.
_WEIGHED = 10
#: How many ways of saying it with synonyms are compared in meaning.
_WAYS = 3
#: The words of the tickets change all the time; so often they are counted anew.
_COUNT_AGAIN_S = 60.0
#: Of fewer, another ticket changes the weights of words, and counting takes no time.
_MANY_TICKETS = 2_000
_NOTHING: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that may answer the query.

    :ivar id: an article's path, or a ticket's number.
    :ivar score: the probability that it answers the query, 0 to 1.
    :ivar repeat: the score is high enough to say so, and there is an answer.
    :ivar why: the query's words that it holds; ``typed→meant`` where corrected.
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
class Answer:
    """Hits, the words that were looked up in place of unknown ones, and the time taken.

    :ivar unweighed: the index's numbers of documents that were compared by words alone, because
        nobody has computed their vectors yet.
    """

    hits: tuple[Hit, ...]
    corrected: tuple[str, ...]
    ms: float
    unweighed: tuple[int, ...] = ()


@dataclass
class _Words:
    """What a process remembers of the index between two searches."""

    vocabulary: Vocabulary
    synonyms: Synonyms
    articles_changed: int
    changes: int
    counted_at: float


@dataclass
class _Search:
    """One search, while it is under way."""

    query: Query
    terms: tuple[Term, ...]
    vocabulary: Vocabulary
    service: str
    left_out: frozenset[str]
    signals: Mapping[str, float]
    unweighed: list[int] = field(default_factory=list)


class Searcher:
    """Searches one index; may be shared by threads."""

    def __init__(
        self, index: SearchIndex, vectors: Callable[[], Meaning | None] = lambda: None
    ) -> None:
        """Search an index.

        :param vectors: gives what texts mean; asked at the first search.
        """
        self._index = index
        self._meanings = Meanings(vectors)
        self._lock = threading.Lock()
        self._known: _Words | None = None

    def forget_words(self) -> None:
        """Read the index's words anew at the next search, because the file was replaced."""
        with self._lock:
            self._known = None
        self._meanings.forget()

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
    ) -> Answer:
        """Return what answers the text best.

        :param scope: ``kb``, ``tickets`` or ``all``.
        :param typing: the last word may still go on.
        :param service: documents of this service are a little likelier.
        :param signals: what else speaks for an article, by its path, as log odds.
        """
        began = time.perf_counter()
        query = parse_query(text, typing=typing)
        hits: list[Hit] = []
        corrected: dict[str, None] = {}
        unweighed: list[int] = []
        if query.terms:
            left_out = {HIDDEN, "retired"} if include_drafts else {HIDDEN, "retired", "draft"}
            with self._index.read() as reader:
                search = self._begun(reader, query, service, frozenset(left_out), signals)
                terms = search.terms
                corrected |= {term.corrected: None for term in terms if term.is_corrected}
                asked = self._meanings.asked(_ways(query, terms))
                past = self._ranked(reader, search, TICKET, asked)
                if scope != "tickets":
                    search.signals = _learned(past, signals)
                    found = self._ranked(reader, search, ARTICLE, asked)
                    hits += _hits(reader, found[:limit], found, terms)
                if scope != "kb":
                    hits += _hits(reader, past[:limit], past, terms)
                unweighed = search.unweighed
        # What answers the query comes before an open ticket that is as like it but has no answer.
        hits.sort(key=lambda hit: (not hit.repeat, -hit.score))
        took = (time.perf_counter() - began) * 1000
        return Answer(tuple(hits[:limit]), tuple(corrected), round(took, 2), tuple(unweighed))

    def matching_tickets(self, text: str) -> tuple[str, ...]:
        """Return the numbers of the past tickets that :meth:`search` would rank, in no order."""
        query = parse_query(text, typing=False)
        if not query.terms:
            return ()
        with self._index.read() as reader:
            search = self._begun(reader, query, "", frozenset(), _NOTHING)
            return tuple(one.doc.ref for one in _candidates(reader, search, TICKET))

    def _begun(
        self,
        reader: Reader,
        query: Query,
        service: str,
        left_out: frozenset[str],
        signals: Mapping[str, float],
    ) -> _Search:
        known = self._words(reader)
        occurs = partial(reader.matches_anything, ARTICLE)
        terms = terms_of(query, known.vocabulary, occurs, known.synonyms)
        return _Search(query, terms, known.vocabulary, service, left_out, signals)

    def _words(self, reader: Reader) -> _Words:
        """Return the index's words; those of articles are up to date, tickets' nearly."""
        changed, now = reader.articles_changed(), time.monotonic()
        with self._lock:
            known = self._known
            if known is not None and known.articles_changed == changed:
                young = now - known.counted_at < _COUNT_AGAIN_S
                many = known.vocabulary.tickets >= _MANY_TICKETS
                if (young and many) or known.changes == reader.changes():
                    return known
            vocabulary = Vocabulary(
                reader.vocabulary(), reader.count(ARTICLE), reader.count(TICKET)
            )
            synonyms = Synonyms.from_note(reader.note(SYNONYMS))
            self._known = _Words(vocabulary, synonyms, changed, reader.changes(), now)
            return self._known

    def _ranked(
        self, reader: Reader, search: _Search, kind: str, asked: "NDArray[np.float32] | None"
    ) -> list[Ranked]:
        """Return the documents of a kind that may answer, best first."""
        found = _candidates(reader, search, kind)
        like: dict[int, float] = {}
        if asked is not None and kind == ARTICLE:
            like, likest = self._meanings.likest_articles(reader, asked)
            if not search.query.phrases:
                found += _not_among(found, likest, reader)
        elif asked is not None and found:
            like = self._meanings.of(reader, [one.number for one in found], asked)
        found = [one for one in found if one.doc.status not in search.left_out]
        ranker = Ranker(search.query, search.terms, search.vocabulary, kind)
        ranked = ranker.rank(found, like, _more(reader, search, kind, found))
        if asked is not None:
            best = ranked[:_WEIGHED]
            search.unweighed += [one.number for one in best if one.number not in like]
        return ranked


def _not_among(
    found: Sequence[Candidate], likest: Iterable[int], reader: Reader
) -> list[Candidate]:
    """Return those of the likest articles in meaning that words did not find."""
    known = {one.number for one in found}
    more = [number for number in likest if number not in known]
    return reader.unmatched(more) if more else []


def _ways(query: Query, terms: Sequence[Term]) -> list[str]:
    """Return the query as it was meant, and said with synonyms."""
    said = [corrected_text(query, terms)]
    for term in terms:
        said += [corrected_text(query, terms, {term.typed: other}) for other in term.synonyms]
    return list(dict.fromkeys(said))[:_WAYS]


def _candidates(reader: Reader, search: _Search, kind: str) -> list[Candidate]:
    wanted = search.terms if kind == ARTICLE else _telling(search.terms, search.vocabulary)
    if not wanted:
        return []
    return reader.candidates(kind, expression(wanted, search.query.phrases), _CANDIDATES[kind])


def _telling(terms: tuple[Term, ...], vocabulary: Vocabulary) -> tuple[Term, ...]:
    """Return the rarer terms: as many as match a bearable number of tickets, one at least."""
    by_count = sorted(
        (sum(vocabulary.count(word, TICKET) for word in term.meant), place)
        for place, term in enumerate(terms)
    )
    chosen: list[int] = []
    matches = 0
    for count, place in by_count:
        matches += count
        if chosen and matches > _TICKET_MATCHES:
            break
        chosen.append(place)
    return tuple(terms[place] for place in sorted(chosen))


def _more(
    reader: Reader, search: _Search, kind: str, found: Sequence[Candidate]
) -> Callable[[Candidate], float]:
    """Return what speaks for a candidate beside its words: codes, the service, the desk's own
    experience."""
    codes = search.query.codes
    numbers = [one.number for one in found]
    holders = [reader.holding(kind, code, numbers) for code in codes]

    def more(one: Candidate) -> float:
        held = sum(one.number in some for some in holders)
        value = CODES_BONUS * held / len(codes) if codes else 0.0
        if search.service and one.doc.service == search.service:
            value += SERVICE_BONUS
        return value + search.signals.get(one.doc.ref, 0.0)

    return more


def _learned(past: Sequence[Ranked], signals: Mapping[str, float]) -> Mapping[str, float]:
    """Return the signals, with those articles favoured that answered the likest past tickets."""
    found = dict(signals)
    for one in past[:_TELLING_TICKETS]:
        worth = ANSWERED_BONUS * chance(one.evidence, 0.0)
        for path in one.doc.answered_by:
            found[path] = max(found.get(path, 0.0), signals.get(path, 0.0) + worth)
    return found


def _hits(
    reader: Reader, chosen: Sequence[Ranked], ranked: Sequence[Ranked], terms: Sequence[Term]
) -> list[Hit]:
    whole = reader.whole([one.number for one in chosen])
    why = Why(terms)
    hits = []
    for place, one in enumerate(chosen):
        doc = whole.get(one.number, one.doc)
        answered = doc.kind == ARTICLE or doc.status in FINISHED_STATES
        score = chance(one.evidence, _gap(place, ranked))
        held = why.of(doc)
        hits.append(
            Hit(
                kind=doc.kind,
                id=doc.ref,
                title=doc.title,
                score=round(score, 3),
                repeat=answered and score >= REPEAT_AT,
                why=held,
                snippet=snippet(doc.body, held),
                status=doc.status,
                service=doc.service,
            )
        )
    return hits


def _gap(place: int, ranked: Sequence[Ranked]) -> float:
    """Return the lead over the next one, or, negative, the distance from the first."""
    one = ranked[place]
    if one.doc.kind == TICKET:
        return _TICKET_GAP + one.evidence - ranked[0].evidence
    if place:
        return one.evidence - ranked[0].evidence
    return one.evidence - ranked[1].evidence if len(ranked) > 1 else _TICKET_GAP
