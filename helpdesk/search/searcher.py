"""Searching: from what a person typed to hits, best first."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from helpdesk.domain.ticket import State
from helpdesk.search.calibration import BY_MEANING, BY_WORDS, REPEAT_AT, Chances
from helpdesk.search.meaning import MODEL, SIZE, Meaning
from helpdesk.search.query import parse_query
from helpdesk.search.ranking import Ranked, Ranker
from helpdesk.search.synonyms import SYNONYMS, Synonyms
from helpdesk.search.terms import Term, expression, terms_of
from helpdesk.search.vocabulary import Vocabulary
from helpdesk.store.search_index import ARTICLE, HIDDEN, TICKET, Candidate, Reader, SearchIndex

_CANDIDATES = 60
#: Past tickets repeat each other: none of them leads by much, so their lead is not counted.
_TICKET_GAP = 1.0
#: How many matching tickets a query may rank: more take longer than a person's key stroke.
_TICKET_MATCHES = 6_000
#: How many articles are added because they mean the same, whatever their words.
_LIKEST = 30
#: Below it two texts have nothing to do with each other (of right answers 1 in 200 lies below).
_LIKE_ENOUGH = 0.3
_SNIPPET = 160
_SERVICE_BONUS = 1.0
_FINISHED = (State.RESOLVED, State.CLOSED)


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
    """Hits, the words that were looked up in place of unknown ones, and the time taken."""

    hits: tuple[Hit, ...]
    corrected: tuple[str, ...]
    ms: float


class Searcher:
    """Searches one index; may be shared by threads."""

    def __init__(
        self, index: SearchIndex, vectors: Callable[[], Meaning | None] = lambda: None
    ) -> None:
        """Search an index.

        :param vectors: gives what texts mean; asked at the first search.
        """
        self._index = index
        self._vectors = vectors
        self._meanings: _Meanings | None = None
        self._synonyms = Synonyms()
        self._lock = threading.Lock()
        self._vocabulary: Vocabulary | None = None
        self._seen = -1

    def forget_words(self) -> None:
        """Read the index's words anew at the next search, because this process changed it."""
        with self._lock:
            self._vocabulary = None
            self._meanings = None

    def search(
        self,
        text: str,
        *,
        scope: str = "all",
        limit: int = 10,
        typing: bool = False,
        service: str = "",
        include_drafts: bool = False,
    ) -> Answer:
        """Return what answers the text best.

        :param scope: ``kb``, ``tickets`` or ``all``.
        :param typing: the last word may still go on.
        :param service: documents of this service are a little likelier.
        """
        began = time.perf_counter()
        kinds = {"kb": (ARTICLE,), "tickets": (TICKET,)}.get(scope, (ARTICLE, TICKET))
        left_out = {HIDDEN, "retired"} if include_drafts else {HIDDEN, "retired", "draft"}
        query = parse_query(text, typing=typing)
        hits: list[Hit] = []
        corrected: list[str] = []
        if query.terms:
            with self._index.read() as reader:
                vocabulary = self._words(reader)
                meanings = self._meanings_now(reader)
                for kind in kinds:
                    terms = terms_of(
                        query,
                        vocabulary,
                        partial(reader.matches_anything, ARTICLE),
                        self._synonyms,
                    )
                    corrected += [term.corrected for term in terms if len(term.meant) > 1]
                    found = _candidates(reader, vocabulary, terms, kind, query.phrases)
                    ranker = Ranker(query, terms, vocabulary, kind)
                    like = None
                    if meanings is not None and kind == ARTICLE:
                        like = meanings.likeness(ranker.variants)
                        if like and not query.phrases:
                            found = _added(reader, like, found)
                    found = [one for one in found if one.doc.status not in left_out]
                    ranked = _favour(ranker.rank(found, like), service)[:limit]
                    chances = BY_WORDS if like is None else BY_MEANING
                    hits += _hits(ranked, ranker, kind, chances)
        # What answers the query comes before an open ticket that is as like it but has no answer.
        hits.sort(key=lambda hit: (not hit.repeat, -hit.score))
        took = (time.perf_counter() - began) * 1000
        return Answer(tuple(hits[:limit]), tuple(dict.fromkeys(corrected)), round(took, 2))

    def _words(self, reader: Reader) -> Vocabulary:
        version = self._index.data_version()
        with self._lock:
            if self._vocabulary is None or version != self._seen:
                self._vocabulary = Vocabulary(
                    reader.vocabulary(), reader.count(ARTICLE), reader.count(TICKET)
                )
                self._meanings = None
                self._synonyms = Synonyms.from_note(reader.note(SYNONYMS))
                self._seen = version
            return self._vocabulary

    def _meanings_now(self, reader: Reader) -> "_Meanings | None":
        vectors = self._vectors()
        if vectors is None:
            return None
        with self._lock:
            if self._meanings is None:
                self._meanings = _Meanings(vectors, reader.vectors(ARTICLE, MODEL, SIZE))
            return self._meanings


class _Meanings:
    """What the articles mean, and how to find those that mean what is asked."""

    def __init__(self, vectors: Meaning, stored: list[tuple[str, bytes]]) -> None:
        self._vectors = vectors
        self._refs = [ref for ref, _ in stored]
        self._matrix = vectors.unpacked([vector for _, vector in stored])

    def likeness(self, asked: Sequence[str]) -> dict[str, float] | None:
        """Return how like each article is to a query, the likest first; None if it says nothing.

        Words with digits are codes: they mean nothing but themselves.

        :param asked: the ways of saying it, of which the likest counts.
        """
        telling = [" ".join(word for word in one.split() if word.isalpha()) for one in asked]
        vectors = self._vectors.vectors(telling)
        if not vectors.any():
            return None
        found: dict[str, float] = {}
        for row, value in self._vectors.likest(self._matrix, vectors, len(self._refs)):
            found.setdefault(self._refs[row], value)  # of its titles the likest comes first
        return found


def _added(reader: Reader, like: dict[str, float], found: list[Candidate]) -> list[Candidate]:
    """Return the candidates, with articles that share no word but mean the same."""
    known = {one.doc.ref for one in found}
    likest = [ref for ref, value in islice(like.items(), _LIKEST) if value >= _LIKE_ENOUGH]
    more = [ref for ref in likest if ref not in known]
    docs = reader.documents(ARTICLE, more) if more else []
    return [*found, *(Candidate(doc, 0.0) for doc in docs)]


def _candidates(
    reader: Reader,
    vocabulary: Vocabulary,
    terms: tuple[Term, ...],
    kind: str,
    phrases: tuple[str, ...],
) -> list[Candidate]:
    wanted = terms if kind == ARTICLE else _telling(terms, vocabulary)
    return reader.candidates(kind, expression(wanted, phrases), _CANDIDATES) if wanted else []


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


def _favour(ranked: list[Ranked], service: str) -> list[Ranked]:
    if not service:
        return ranked
    favoured = [
        Ranked(one.doc, one.points + _SERVICE_BONUS * (one.doc.service == service))
        for one in ranked
    ]
    return sorted(favoured, key=lambda one: -one.points)


def _hits(ranked: list[Ranked], ranker: Ranker, kind: str, chances: Chances) -> list[Hit]:
    hits = []
    for place, one in enumerate(ranked):
        if kind == TICKET:
            gap = _TICKET_GAP + one.points - ranked[0].points
        elif place:
            gap = one.points - ranked[0].points
        else:
            gap = one.points - ranked[1].points if len(ranked) > 1 else 1.0
        chance = chances.score(one.points, gap)
        answered = kind == ARTICLE or one.doc.status in _FINISHED
        why = ranker.why(one.doc)
        hits.append(
            Hit(
                kind=kind,
                id=one.doc.ref,
                title=one.doc.title,
                score=round(chance, 3),
                repeat=answered and chance >= REPEAT_AT,
                why=why,
                snippet=_snippet(one.doc.body, why),
                status=one.doc.status,
                service=one.doc.service,
            )
        )
    return hits


def _snippet(body: str, why: tuple[str, ...]) -> str:
    """Return the stretch of the body around the first of the words found."""
    text = " ".join(line for line in body.split("\n") if not line.startswith("#"))
    text = " ".join(text.split())
    lower = text.lower()
    places = [lower.find(word.rpartition("→")[2]) for word in why]
    start = max(0, min((place for place in places if place >= 0), default=0) - _SNIPPET // 4)
    if start:
        start = text.find(" ", start) + 1
        return f"… {text[start : start + _SNIPPET].strip()}"
    return text[:_SNIPPET].strip()
