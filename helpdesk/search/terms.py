"""The terms of a query with their corrections and synonyms, for FTS5 and the ranking."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from helpdesk.search.query import SearchQuery
from helpdesk.search.synonyms import Synonyms
from helpdesk.search.vocabulary import Vocabulary

_ENDINGS = ("ingly", "edly", "ing", "ed", "es", "s", "ly", "e")
_SHORTEST_STEM = 3
_SHORTEST_BEGINNING = 3
_NONE = Synonyms()


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """Return a word without its most common English endings, to compare words with each other.

    The index itself uses the Porter stemmer of FTS5.  The package snowballstemmer implements it in
    Python (99.7 % of 5,900 words get the same stem), but takes 33 times as long as this function
    for a new word (145 µs instead of 4.4 µs, so that the first search over 2,500 titles would take
    0.4 s longer) and a tenth of a second to import its 39 modules.  Of the pairs of words that
    have the same stem here, 94 % have the same stem in the index; of the pairs that have it in the
    index, 65 % have it here.
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


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

    def expression(self) -> str:
        """Return it as an FTS5 expression; words consist of letters and digits, and are quoted."""
        parts = [f'"{word}"' for word in (*self.meant, *self.synonyms)]
        if self.unfinished:
            parts.append(f'"{self.typed}" *')
        return " OR ".join(parts)

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
    occurs: Callable[[str], bool],
    synonyms: Synonyms = _NONE,
) -> tuple[Term, ...]:
    """Return the query's terms, unknown words with their corrections.

    :param occurs: returns whether an FTS5 expression matches any document.
    """
    found = []
    others = synonyms.of(query.terms)
    for place, word in enumerate(query.terms, 1):
        typing = word == query.typing
        if word in others or vocabulary.knows(word) or occurs(f'"{word}"'):
            found.append(Term(word, (word,), typing, others.get(word, ())))
        elif typing and occurs(f'"{word}" *'):
            found.append(Term(word, (word,), unfinished=True, whole=vocabulary.completion(word)))
        else:
            # The last word of a text may have been cut off.
            cut = place == len(query.terms) and len(word) >= _SHORTEST_BEGINNING
            meant = (word, *vocabulary.corrections(word))
            found.append(Term(word, meant, typing or cut, vocabulary.compounds(word)))
    return tuple(found)


def expression(terms: Iterable[Term], phrases: Iterable[str] = ()) -> str:
    """Return the FTS5 expression that matches any of the terms, and all of the phrases."""
    any_term = " OR ".join(term.expression() for term in terms)
    quoted = [f'"{phrase}"' for phrase in phrases]
    return " AND ".join([*quoted, f"({any_term})"])
