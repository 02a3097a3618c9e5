"""The hits of a search: their scores and marks, their order, and one hit for each issue."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from helpdesk.domain.stems import issue_of
from helpdesk.domain.ticket import ACTIVE_STATES, FINISHED_STATES
from helpdesk.search.marks import MarkRule
from helpdesk.search.ranking import RankedCandidate
from helpdesk.search.scoring import (
    MOST_UNMARKED,
    REPEAT_AT,
    SERVICE_BONUS,
    WORTH_SHOWING_AT,
    probability,
)
from helpdesk.search.snippets import MatchExplainer, snippet
from helpdesk.search.terms import Term
from helpdesk.search.translations import TranslatedMatch
from helpdesk.store.search.documents import ARTICLE, DUPLICATE, TICKET
from helpdesk.store.search.reader import IndexReader

#: The gap used for past tickets.  Many are similar, so their real lead says little.
_TICKET_GAP = 0.5
#: How many of the next articles may have the same words as the first.
_NEXT = 20


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A document that may answer the query.

    :ivar id: an article's path, or a ticket's reference such as ``HD-12``.
    :ivar score: the probability that it answers the query, 0 to 1, as it is shown.
    :ivar likelihood: the same for the order, where it does not matter what may be marked or shown.
    :ivar repeat: whether the score is high enough for a repeat issue, and it has an answer.
    :ivar why: the query's words that it contains; ``typed→found`` where corrected.
    :ivar same: whether it is the same issue as the query, with an answer or without.
    :ivar issue: the key that tickets of the same subject share; "" for an article.
    :ivar day: the day of a ticket's last change, as ``date.toordinal`` counts days.
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
    likelihood: float = 0.0
    same: bool = False
    issue: str = ""
    day: int = 0

    @property
    def is_active(self) -> bool:
        """Whether it is an active ticket."""
        return self.kind == TICKET and self.status in ACTIVE_STATES


def hits_of(
    reader: IndexReader,
    ranked: Sequence[RankedCandidate],
    terms: Sequence[Term],
    rule: MarkRule,
    limit: int,
    translated: Mapping[int, TranslatedMatch] = MappingProxyType({}),
) -> list[SearchHit]:
    """Return the best candidates of one kind as hits.

    :param ranked: all candidates, best first.
    :param rule: decides which may be marked.
    :param translated: those that were found by what they say in another language, by number.
    """
    chosen = ranked[:limit]
    docs = reader.with_bodies([each.number for each in chosen])
    why = MatchExplainer(terms)
    hits = []
    for place, each in enumerate(chosen):
        doc = docs.get(each.number, each.doc)
        score = likelihood = probability(each.evidence, _gap(place, ranked))
        other = translated.get(each.number)
        fits = other.may_be_marked if other else _may_be_marked(place, ranked, rule)
        if not fits:
            score = min(score, MOST_UNMARKED)
        if score < WORTH_SHOWING_AT and (each.has_all_words or rule.is_near(doc.titles)):
            # It may be what the agent remembers, wherever the words stand.
            score = WORTH_SHOWING_AT + score / 100
        same = fits and score >= REPEAT_AT
        answered = doc.kind == ARTICLE or doc.status in FINISHED_STATES
        matched, text = (other.why, other.body) if other else (why.of(doc), doc.body)
        hits.append(
            SearchHit(
                kind=doc.kind,
                id=doc.ref,
                title=doc.title,
                score=round(score, 3),
                repeat=answered and same,
                why=matched,
                snippet=snippet(text, matched),
                status=doc.status,
                service=doc.service,
                likelihood=likelihood,
                same=same,
                issue=issue_of(doc.title) if doc.kind == TICKET else "",
                day=doc.day,
            )
        )
    return hits


def _may_be_marked(place: int, ranked: Sequence[RankedCandidate], rule: MarkRule) -> bool:
    hit = ranked[place]
    if not rule.allows(hit.doc.titles, hit.similarity):
        return False
    others = [other.doc.titles for other in ranked[place + 1 : place + _NEXT]]
    if hit.doc.kind == TICKET or not others:
        return True
    return rule.tells_apart(hit.doc.titles, others, _gap(place, ranked), hit.similarity)


def _gap(place: int, ranked: Sequence[RankedCandidate]) -> float:
    """Return the lead over the next hit, or as a negative number the distance from the first."""
    hit = ranked[place]
    if hit.doc.kind == TICKET:
        return _TICKET_GAP + hit.evidence - ranked[0].evidence
    if place:
        return hit.evidence - ranked[0].evidence
    return hit.evidence - ranked[1].evidence if len(ranked) > 1 else _TICKET_GAP


def in_order(
    hits: Iterable[SearchHit],
    service: str = "",
    unfit: Collection[str] = (),
    *,
    folded: bool = True,
) -> list[SearchHit]:
    """Return the hits in the order to show them, each document once with its highest score.

    Articles that answer come first, then open tickets of the same issue, then finished ones, then
    all others; last those that do not fit.

    :param service: the service of the query, whose documents come a little earlier, or "".
    :param unfit: the ids of documents that do not answer the query, as an agent has said.
    :param folded: show the tickets of the same subject as one hit: the best of those that are
        open, and the best of the others.
    """
    best: dict[tuple[str, str], SearchHit] = {}
    for hit in hits:
        known = best.get((hit.kind, hit.id))
        if known is None or (hit.repeat, hit.likelihood) > (known.repeat, known.likelihood):
            best[hit.kind, hit.id] = hit

    def place(hit: SearchHit) -> tuple[int, float, bool, int]:
        if hit.id in unfit:
            return 4, -hit.likelihood, False, 0
        tier = (0 if hit.kind == ARTICLE else 1 if hit.is_active else 2) if hit.same else 3
        bonus = SERVICE_BONUS if service and hit.service == service else 0.0
        return tier, -hit.likelihood - bonus, not hit.is_active, -hit.day

    ordered = sorted(best.values(), key=place)
    return fold(ordered) if folded else ordered


def fold(hits: Iterable[SearchHit]) -> list[SearchHit]:
    """Return the hits without tickets whose subject is that of an earlier one.

    An open ticket and a finished one of the same subject both stay; a duplicate only stays if
    neither of them is found.
    """
    hits = list(hits)
    others = {hit.issue for hit in hits if hit.status != DUPLICATE}
    seen: set[tuple[str, bool]] = set()
    found = []
    for hit in hits:
        if hit.status == DUPLICATE and hit.issue and hit.issue in others:
            continue
        key = hit.issue, hit.is_active
        if hit.issue and key in seen:
            continue
        seen.add(key)
        found.append(hit)
    return found
