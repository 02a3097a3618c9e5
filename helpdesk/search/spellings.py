"""Other spellings of a word that mean the same, as far as the index has them."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from helpdesk.domain.plain_words import STOP_WORDS
from helpdesk.domain.text_words import parts_of_code
from helpdesk.search.dictionary import is_english

#: An umlaut is stored as its vowel; the two letters may stand for it: ``groesse`` for ``größe``.
_TWO_LETTERS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
_SHORTEST, _LONG = 4, 6
_MOST_PLACES = 4
#: Of a word that was typed as two, the second part has more than one character.
_SHORTEST_SECOND = 2
#: A number of so many digits names one thing without the letters before it: ``KB5034441``.
_LONG_NUMBER = 5


def other_spellings(
    word: str, pairs: Sequence[tuple[str, str]], is_known: Callable[[str], bool]
) -> tuple[str, ...]:
    """Return words and phrases of the index that are other spellings of a folded word.

    :param pairs: the pairs of words that stand side by side in the query.
    :param is_known: whether the index has a word, in documents without the typed one: not just
        another form of it.
    """
    found = dict.fromkeys(each for each in _umlauts(word) if is_known(each))
    parts = parts_of_code(word)
    if len(parts) == 1:
        found |= dict.fromkeys(part for part in parts if is_known(part))
    elif parts:
        found |= dict.fromkeys(_of_code(parts, is_known))
    for pair in pairs:
        if word in pair:
            found |= dict.fromkeys(each for each in _joined(*pair) if is_known(each))
    found.pop(word, None)
    return tuple(found)


def _umlauts(word: str) -> Iterator[str]:
    if len(word) < _SHORTEST or not (word.isascii() and word.isalpha()):
        return
    for variant in _replaced(word):
        # "pot" and "poet" are two words, and "foeld" is "field" misspelt rather than "fold".
        # Longer words that differ so are names: "mueller" and "muller".
        if variant != word and (len(word) >= _LONG or not is_english(variant)):
            yield variant


def _replaced(word: str) -> Iterator[str]:
    for two, one in _TWO_LETTERS:
        if two in word:
            yield word.replace(two, one)
    plain = word
    for two, one in _TWO_LETTERS:
        plain = plain.replace(two, one)
    yield plain
    places = [place for place, letter in enumerate(word) if letter in "aou"][:_MOST_PLACES]
    for many in (1, 2):
        for some in combinations(places, many):
            yield "".join(
                letter + "e" if place in some else letter for place, letter in enumerate(word)
            )


def _of_code(parts: tuple[str, ...], is_known: Callable[[str], bool]) -> Iterator[str]:
    first, second = parts
    if is_known(first) and is_known(second):
        yield f"{first} {second}"
    if second.isdigit() and len(second) >= _LONG_NUMBER and is_known(second):
        yield second
    # "win11" is short for "windows 11".
    for name, short in _SHORT_NAMES.items():
        if first == short and second.isdigit() and is_known(name):
            yield f"{name} {second}"


_SHORT_NAMES = {"windows": "win", "office": "o", "server": "srv", "exchange": "ex"}


def _joined(first: str, second: str) -> Iterator[str]:
    """Yield what a pair of words looks like as one: ``office365``, ``win11``, ``onboarding``.

    Words such as "to" stand before any other by chance; with them it has to be an English word.
    """
    if len(second) < _SHORTEST_SECOND:
        return
    if not STOP_WORDS.isdisjoint((first, second)) and not is_english(first + second):
        return
    yield first + second
    if second.isdigit() and first in _SHORT_NAMES:
        yield _SHORT_NAMES[first] + second
