"""English words that are spelt correctly.

They are the whole words of the language model's list (``wordpieces.txt``), and ``english.txt``:
the words of SCOWL (sizes up to 60, American) that neither this list has nor the endings below make.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

_FILES = [Path(__file__).with_name(name) for name in ("wordpieces.txt", "english.txt")]
#: Shorter entries of the list are pieces of words as well.
_SHORTEST = 3
_SHORTEST_PART = 4
_ENDINGS = ("s", "es", "ed", "ing", "er", "ers", "ly")
#: The endings before which a final "e" is dropped.
_AFTER_E = ("ed", "ing", "er", "ers")
_ONE_SHORT_SYLLABLE = re.compile(r"(?:[^aeiou]|(?<=q)u)*[aeiouy][^aeiouywx]")


@cache
def _entries() -> dict[bytes, bytes]:
    """Return both lists as texts, one entry a line, by the first two bytes of the entries.

    It needs less memory than a set, and each text is short enough to be searched at once.
    """
    groups: dict[bytes, list[bytes]] = {}
    for file in _FILES:
        for entry in file.read_bytes().split():
            groups.setdefault(entry[:2], []).append(entry)
    return {first: b"\n%b\n" % b"\n".join(entries) for first, entries in groups.items()}


def _has(word: str) -> bool:
    entry = word.encode()
    return len(word) >= _SHORTEST and b"\n%b\n" % entry in _entries().get(entry[:2], b"")


def _roots(word: str) -> Iterator[str]:
    """Yield the words of which this may be a regular form."""
    for ending in _ENDINGS:
        root = word.removesuffix(ending)
        if root == word or len(root) <= _SHORTEST or _doubles(root, ending):
            continue
        if ending == "s":
            fits = not root.endswith("s")
        elif ending == "es":
            fits = root.endswith(("s", "x", "z", "ch", "sh", "o"))
        else:
            fits = not root.endswith("e")
        if fits:
            yield root
            if ending in _AFTER_E:
                yield f"{root}e"


def _doubles(root: str, ending: str) -> bool:
    """Whether a word doubles its last letter before an ending, as "stop" does in "stopping"."""
    return ending in _AFTER_E and _ONE_SHORT_SYLLABLE.fullmatch(root) is not None


@lru_cache(maxsize=4_096)
def is_english(word: str) -> bool:
    """Whether a folded word is an English word, an inflected one, or made of two."""
    return is_one_word(word) or is_compound(word)


def is_one_word(word: str) -> bool:
    """Whether a folded word is an English word or an inflected one."""
    if not word.isascii() or not word.isalpha():
        return False
    return _has(word) or any(map(_has, _roots(word)))


@lru_cache(maxsize=4_096)
def is_compound(word: str) -> bool:
    """Whether a folded word is known only as two English words written as one.

    Some misspelt words look so as well, such as "conntact".
    """
    if not word.isascii() or not word.isalpha() or is_one_word(word):
        return False
    places = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    return any(_has(word[:place]) and _has(word[place:]) for place in places)
