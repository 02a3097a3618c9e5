"""Evidence for a candidate besides its likeness: its codes, exact words, and the desk's usage."""

from collections.abc import Callable, Mapping, Sequence

from helpdesk.domain.text_words import words
from helpdesk.search.options import SearchOptions
from helpdesk.search.query import SearchQuery
from helpdesk.search.ranking import RankedCandidate
from helpdesk.search.scoring import (
    ALL_WORDS_BONUS,
    ANSWERED_BONUS,
    CODES_BONUS,
    EXACT_BONUS,
    SAME_SUBJECT_BONUS,
    UNFIT_PENALTY,
    probability,
)
from helpdesk.search.terms import Term
from helpdesk.store.search.documents import TICKET, Candidate
from helpdesk.store.search.reader import IndexReader

#: How many of the most similar past tickets are asked which article answered them.
_LEARN_FROM_TICKETS = 8


def bonus_of(
    reader: IndexReader,
    query: SearchQuery,
    terms: Sequence[Term],
    kind: str,
    found: Sequence[Candidate],
    options: SearchOptions,
    signals: Mapping[str, float],
) -> Callable[[Candidate], float]:
    """Return a function that rates a candidate by its codes, its words and the desk's usage.

    It returns log odds.

    :param signals: further evidence for articles by path, as log odds.
    """
    codes = query.codes
    numbers = [each.number for each in found]
    holders = [reader.containing_phrase(kind, code, numbers) for code in codes]
    exact: frozenset[int] = frozenset()
    for term in terms:
        if term.is_corrected:
            exact |= reader.containing_phrase(kind, term.typed, numbers)
    several = len(terms) > 1
    subject = words(query.subject) if kind == TICKET else []

    def bonus(candidate: Candidate) -> float:
        count = sum(candidate.number in numbers for numbers in holders)
        value = CODES_BONUS * count / len(codes) if codes else 0.0
        value += EXACT_BONUS * (candidate.number in exact)
        value += ALL_WORDS_BONUS * (several and candidate.has_all_words)
        value += SAME_SUBJECT_BONUS * bool(subject and words(candidate.doc.title) == subject)
        value -= UNFIT_PENALTY * (candidate.doc.ref in options.unfit)
        return value + signals.get(candidate.doc.ref, 0.0)

    return bonus


def learned(
    past: Sequence[RankedCandidate], signals: Mapping[str, float], unfit: frozenset[str]
) -> Mapping[str, float]:
    """Return the signals, with a bonus for articles that answered similar past tickets.

    Documents that do not fit the query are no evidence.
    """
    found = dict(signals)
    for ticket in past[:_LEARN_FROM_TICKETS]:
        if ticket.doc.ref in unfit:
            continue
        bonus = ANSWERED_BONUS * probability(ticket.evidence, 0.0)
        for path in ticket.doc.answered_by:
            if path not in unfit:
                found[path] = max(found.get(path, 0.0), signals.get(path, 0.0) + bonus)
    return found
