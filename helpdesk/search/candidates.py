"""Finding the documents that are worth ranking, by their words."""

from collections.abc import Sequence

from helpdesk.domain.ticket import ACTIVE_STATES
from helpdesk.search.query import SearchQuery
from helpdesk.search.terms import Term, expression
from helpdesk.search.vocabulary import Vocabulary
from helpdesk.store.search.documents import ARTICLE, TICKET, Candidate
from helpdesk.store.search.reader import IndexReader

#: How many documents of each kind are ranked because they contain some of the words, or all.
_SOME = {ARTICLE: 60, TICKET: 40}
_ALL = 40
#: How many tickets a query may rank because of some of its words; more would take longer than a
#: key stroke.  Those that contain all of its words are found as well, however many they are.
_MAX_TICKET_MATCHES = 2_500
#: How many tickets of the very same subject are ranked: open ones, and finished ones.
_SAME_ISSUE = 6


def candidates(
    reader: IndexReader, query: SearchQuery, terms: Sequence[Term], vocabulary: Vocabulary,
    kind: str,
) -> list[Candidate]:  # fmt: skip
    """Return the documents of a kind to be ranked, those with the best BM25 first."""
    phrases = query.phrases
    some = terms if kind == ARTICLE else _rarest(terms, vocabulary)
    found = {
        each.number: each
        for each in reader.candidates(kind, expression(some, phrases), _SOME[kind])
    }
    if len(terms) == 1:
        found = {number: each.with_all_words() for number, each in found.items()}
    else:
        match = expression(terms, phrases, all_terms=True)
        for each in reader.candidates(kind, match, _ALL):
            found[each.number] = each.with_all_words()
    if kind == TICKET and not phrases:
        best = min((each.bm25 for each in found.values()), default=-1.0)
        for active in (True, False):
            for number, doc in reader.of_issue(query.subject, ACTIVE_STATES, active, _SAME_ISSUE):
                found[number] = Candidate(number, doc, best, has_all_words=True)
    return sorted(found.values(), key=lambda each: each.bm25)


def _rarest(terms: Sequence[Term], vocabulary: Vocabulary) -> tuple[Term, ...]:
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
