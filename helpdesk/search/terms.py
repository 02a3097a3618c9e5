"""The terms of a query with what each may stand for, as FTS5 and the ranking need them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from helpdesk.search.query import Query
from helpdesk.search.synonyms import Synonyms
from helpdesk.search.vocabulary import Vocabulary

_ENDINGS = ("ingly", "edly", "ing", "ed", "es", "s", "ly", "e")
_SHORTEST_STEM = 3
_SHORTEST_BEGINNING = 3
_NONE = Synonyms()


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """Return a word without its commonest English endings: enough to see that two are alike.

    The index itself uses the Porter stemmer of FTS5.  The package snowballstemmer has it in Python
    (99.7 % of 5,900 words get the same stem), but takes 33 times as long as this function for a
    word that it has not met (145 µs against 4.4 µs, so that the first search over 2,500 titles
    would take 0.4 s longer) and a tenth of a second to import its 39 modules.  Of the pairs of
    words that are alike here, 94 % are so in the index; of those that are there, 65 % are here.
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


@dataclass(frozen=True, slots=True)
class Term:
    """A word as typed, and the words it is looked up as: itself and what it may have meant.

    :ivar unfinished: it is being typed, and any word that begins with it will do.
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
        """The word that it was taken for."""
        return self.whole or (self.meant[1] if len(self.meant) > 1 else self.typed)

    @property
    def is_corrected(self) -> bool:
        """Whether it is no word, and others were looked up in its place."""
        return len(self.meant) > 1

    def expression(self) -> str:
        """Return it as an FTS5 expression; words hold letters and digits alone, quoted."""
        parts = [f'"{word}"' for word in (*self.meant, *self.synonyms)]
        if self.unfinished:
            parts.append(f'"{self.typed}" *')
        return " OR ".join(parts)

    def found_in(self, present: frozenset[str]) -> str | None:
        """Return which of its words is among these stems, or None."""
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
    query: Query,
    vocabulary: Vocabulary,
    occurs: Callable[[str], bool],
    synonyms: Synonyms = _NONE,
) -> tuple[Term, ...]:
    """Return the query's terms, unknown words with their corrections.

    :param occurs: whether an FTS5 expression matches anything, be it by the stem of the word.
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
            # The last word of a text may have been cut off, whoever typed it.
            cut = place == len(query.terms) and len(word) >= _SHORTEST_BEGINNING
            meant = (word, *vocabulary.corrections(word))
            found.append(Term(word, meant, typing or cut, vocabulary.compounds(word)))
    return tuple(found)


def expression(terms: Iterable[Term], phrases: Iterable[str] = ()) -> str:
    """Return the FTS5 expression that matches any of the terms, and all of the phrases."""
    some = " OR ".join(term.expression() for term in terms)
    every = [f'"{phrase}"' for phrase in phrases]
    return " AND ".join([*every, f"({some})"])
