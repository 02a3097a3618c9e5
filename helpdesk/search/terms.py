"""The terms of a query with their corrections and synonyms, for FTS5 and the ranking."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial

from helpdesk.domain.stems import stem
from helpdesk.domain.text_words import is_pair
from helpdesk.search.dictionary import is_compound, is_english, is_one_word
from helpdesk.search.query import SearchQuery
from helpdesk.search.spellings import other_spellings
from helpdesk.search.synonyms import Synonyms
from helpdesk.search.vocabulary import Vocabulary
from helpdesk.store.search.documents import ARTICLE, TICKET

_SHORTEST_BEGINNING = 3
#: A known word of fewer letters is probably still being typed.
_SHORTEST_WHOLE = 4
#: A word of more documents is so common that its compounds would only get in its way.
_RARE = 20
_NONE = Synonyms()


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a query, and the words that are searched for it.

    :ivar meant: the word itself, followed by its corrections if it is unknown.
    :ivar unfinished: whether it is still being typed, so that any word that starts with it matches.
    :ivar synonyms: words and phrases of the same meaning.
    :ivar whole: the word that an unfinished one will probably become, or "".
    """

    typed: str
    meant: tuple[str, ...]
    unfinished: bool = False
    synonyms: tuple[str, ...] = ()
    whole: str = ""

    @property
    def corrected(self) -> str:
        """The word that was probably meant."""
        return self.whole or (self.meant[1] if len(self.meant) > 1 else self.typed)

    @property
    def is_corrected(self) -> bool:
        """Whether the word is unknown, and others are searched instead."""
        return len(self.meant) > 1

    def parts(self) -> list[str]:
        """Return the FTS5 phrases of which any matches; words are letters and digits, quoted."""
        parts = [f'"{word}"' for word in (*self.meant, *self.synonyms)]
        if self.unfinished:
            parts.append(f'"{self.typed}" *')
        return parts

    def expression(self) -> str:
        """Return it as an FTS5 expression."""
        return " OR ".join(self.parts())

    def found_in(self, present: frozenset[str]) -> str | None:
        """Return the first of its words that is among these stems, or None."""
        for word in self.meant:
            if stem(word) in present:
                return word
        for phrase in self.synonyms:
            if all(stem(word) in present for word in phrase.split()):
                return phrase
        if self.unfinished:
            return next((word for word in present if word.startswith(self.typed)), None)
        return None


def terms_of(
    query: SearchQuery,
    vocabulary: Vocabulary,
    occurs: Callable[[str, str], bool],
    synonyms: Synonyms = _NONE,
    *,
    as_typed: bool = False,
) -> tuple[Term, ...]:
    """Return the query's terms, unknown words with their corrections.

    A word that the articles, several tickets or the dictionary have is never corrected, nor is one
    in quotes.  A pair of Chinese, Japanese or Korean characters that no document has is left out if
    another has been found: it consists of the end of one word and the beginning of the next.

    :param occurs: returns whether any document of a kind matches an FTS5 expression.
    :param as_typed: correct no word.
    """

    @cache
    def is_known(word: str) -> bool:
        return vocabulary.knows(word) or occurs(ARTICLE, f'"{word}"')

    @cache
    def is_in_ticket(word: str) -> bool:
        return occurs(TICKET, f'"{word}"')

    def is_instead_of(word: str, other: str) -> bool:
        """Whether documents without a word have another one; forms of one word count as one."""
        match = f'"{other}" NOT "{word}"'
        return occurs(ARTICLE, match) or occurs(TICKET, match)

    def begins_any(word: str) -> bool:
        return occurs(ARTICLE, f'"{word}" *') or occurs(TICKET, f'"{word}" *')

    found = []
    quoted = " ".join(query.phrases).split()
    others = synonyms.of(query.terms)
    for place, word in enumerate(query.terms, 1):
        typing = word == query.typing
        same = (
            *others.get(word, ()),
            *other_spellings(word, query.pairs, partial(is_instead_of, word)),
        )
        if word in others or is_known(word):
            # A whole word that is known is complete; else its score would change with every key.
            typing = typing and len(word) < _SHORTEST_WHOLE
            found.append(Term(word, (word,), typing, (*same, *_compounds(word, vocabulary))))
        elif typing and begins_any(word):
            found.append(Term(word, (word,), True, same, vocabulary.completion(word)))
        else:
            # The last word of a text may have been cut off.
            cut = place == len(query.terms) and len(word) >= _SHORTEST_BEGINNING
            meant: tuple[str, ...] = (word,)
            if not (as_typed or word in quoted or same or is_one_word(word)):
                is_used = is_compound(word) or is_in_ticket(word)
                meant += vocabulary.corrections(word, is_used=is_used)
            found.append(Term(word, meant, typing or cut, (*same, *vocabulary.compounds(word))))
    if any(is_pair(term.typed) and is_known(term.typed) for term in found):
        found = [
            term
            for term in found
            if not is_pair(term.typed) or is_known(term.typed) or is_in_ticket(term.typed)
        ]
    return tuple(found)


def _compounds(word: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the compounds of a known word.

    An English word has none, as its compounds are written apart, and a common word is found without
    them.
    """
    common = sum(vocabulary.count(word, kind) for kind in (ARTICLE, TICKET)) > _RARE
    return () if common or is_english(word) else vocabulary.compounds(word)


def expression(
    terms: Iterable[Term], phrases: Iterable[str] = (), *, all_terms: bool = False
) -> str:
    """Return the FTS5 expression that matches any of the terms (or all), and all the phrases."""
    if all_terms:
        joined = " AND ".join(f"({term.expression()})" for term in terms)
    else:
        # What two terms have in common stands there once; else it would weigh twice.
        joined = " OR ".join(dict.fromkeys(part for term in terms for part in term.parts()))
    quoted = [f'"{phrase}"' for phrase in phrases]
    return " AND ".join([*quoted, f"({joined})"])
