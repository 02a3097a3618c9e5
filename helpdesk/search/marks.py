"""Deciding whether a hit may be marked as the same issue again.

A high score alone is not enough: a query may share nothing but a number, a place or one word with a
document.  A mark needs words that carry the meaning, in the document's title or an alias.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helpdesk.domain.plain_words import PLAIN, carries_meaning
from helpdesk.domain.stems import stem
from helpdesk.domain.text_words import words
from helpdesk.search.dictionary import is_one_word
from helpdesk.search.terms import Term
from helpdesk.search.vocabulary import Vocabulary
from helpdesk.store.search.documents import ARTICLE, TICKET

_STEMS_WITHOUT_MEANING = frozenset(map(stem, PLAIN))
#: By kind of document: the least share of the query's meaning that the title has, and the least
#: share of the title's meaning that the query has.  A ticket's answer fits its own issue only.
_LEAST = {ARTICLE: (0.4, 0.34), TICKET: (0.7, 0.7)}
#: The same shares for a document that is worth showing, marked or not.
_NEAR = (0.3, 0.49)
#: From this share of the query on, the rest of the title does not matter for that.
_MOST_OF_QUERY = 0.6
#: The fewest words that both have, and the fewest if their meanings are similar as well.
_WORDS, _WORDS_IF_SIMILAR = 2, 1
#: From these similarities on, fewer words are enough, and none.
_SIMILAR, _VERY_SIMILAR = 0.5, 0.62
#: A word that is part of a code weighs as much as two others.
_CODE_WORDS = 2
#: How far an article must lead the next one, in log odds; how far if their meanings are not known;
#: and how far if others have the same words in their titles, so that these do not tell which of
#: them is meant.
_LEAD, _LEAD_BY_WORDS, _LEAD_IF_AMBIGUOUS = 1.0, 1.6, 3.0


@dataclass(frozen=True, slots=True)
class SharedMeaning:
    """What a query and a title have in common.

    :ivar words: the number of words with a meaning that both have.
    :ivar of_query: the share of the query's weight that these words have, 0 to 1.
    :ivar of_title: the same for the title's weight.
    """

    words: int = 0
    of_query: float = 0.0
    of_title: float = 0.0


class MarkRule:
    """Judges the hits of one query."""

    def __init__(self, terms: Sequence[Term], vocabulary: Vocabulary, kind: str) -> None:
        self._kind = kind
        self._vocabulary = vocabulary
        self._terms = [term for term in terms if self._has_meaning(term) or term.synonyms]
        # A misspelt word weighs what the words weigh that were meant.
        self._weights = [
            max(vocabulary.weight(word, kind) for word in term.meant[term.is_corrected :])
            for term in self._terms
        ]
        self._total = sum(self._weights)
        self._stems = {
            stem(word)
            for term in self._terms
            for phrase in (*term.meant, *term.synonyms)
            for word in phrase.split()
        }

    def _has_meaning(self, term: Term) -> bool:
        """Whether a word of the query says something of the issue, also if it is misspelt."""
        if not carries_meaning(term.typed) or self._vocabulary.knows(term.typed):
            return carries_meaning(term.typed)
        if term.is_corrected:
            return any(map(carries_meaning, term.meant[1:]))
        return is_one_word(term.typed) or stem(term.typed) not in _STEMS_WITHOUT_MEANING

    def allows(self, titles: Iterable[str], similarity: float | None) -> bool:
        """Whether a document with these titles may be marked.

        :param similarity: its similarity in meaning to the query, or None if it is not known.
        """
        if not self._terms:
            return False
        return any(self._fits(self.shared(title), similarity) for title in titles)

    def is_near(self, titles: Iterable[str]) -> bool:
        """Whether a title is so near to the query that the document is worth showing."""
        return any(
            (shared.of_query >= _NEAR[0] and shared.of_title >= _NEAR[1])
            or (shared.of_query >= _MOST_OF_QUERY and shared.words >= _WORDS)
            for shared in map(self.shared, titles)
        )

    def tells_apart(
        self,
        titles: Iterable[str],
        others: Iterable[Sequence[str]],
        lead: float,
        similarity: float | None,
    ) -> bool:
        """Whether the words that an article shares with the query point to this article alone.

        :param others: the titles of each of the next articles.
        :param lead: its lead over the next one, in log odds.
        :param similarity: its similarity in meaning to the query, or None if it is not known.
        """
        if lead > _LEAD_IF_AMBIGUOUS:
            return True
        own = max((self._found_in(title) for title in titles), key=len)
        return lead > (_LEAD_BY_WORDS if similarity is None else _LEAD) and not any(
            own and own <= self._found_in(title) for other in others for title in other
        )

    def _found_in(self, title: str) -> frozenset[str]:
        """Return the words of the query that a title has."""
        present = frozenset(map(stem, words(title)))
        return frozenset(term.typed for term in self._terms if term.found_in(present))

    def _fits(self, shared: SharedMeaning, similarity: float | None) -> bool:
        of_query, of_title = _LEAST[self._kind]
        if similarity is not None and self._kind == ARTICLE and len(self._terms) >= _WORDS:
            if similarity >= _VERY_SIMILAR:
                return True
            if similarity >= _SIMILAR and shared.words >= _WORDS_IF_SIMILAR:
                return shared.of_query >= of_query
        return (
            shared.words >= _WORDS and shared.of_query >= of_query and shared.of_title >= of_title
        )

    def shared(self, title: str) -> SharedMeaning:
        """Return what the query and a title have in common."""
        meant = [word for word in words(title) if carries_meaning(word)]
        present = frozenset(map(stem, meant))
        count, weight = 0, 0.0
        for term, own in zip(self._terms, self._weights, strict=True):
            if term.found_in(present):
                count += 1 if term.typed.isalpha() else _CODE_WORDS
                weight += own
        total = covered = 0.0
        for word in dict.fromkeys(meant):
            own = self._vocabulary.weight(word, self._kind)
            total += own
            covered += own * (stem(word) in self._stems)
        return SharedMeaning(count, weight / (self._total or 1.0), covered / (total or 1.0))
