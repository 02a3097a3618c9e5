"""Splitting text into the words of the search index.

Indexed text and searched text are normalised by the same function, so that they match: upper case,
compatibility forms (``ﬁ``, full-width letters) and ``ß`` are folded, and runs of Chinese, Japanese
or Korean characters, which have no spaces between words, become overlapping pairs of characters.
"""

import re
import unicodedata

_CJK = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
)
_CJK_RUN = re.compile(f"[{_CJK}]+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def fold(text: str) -> str:
    """Return text normalised for the index: case-folded, NFKC, CJK runs as character pairs."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _CJK_RUN.sub(lambda run: f" {_pairs(run.group())} ", folded)


def _pairs(run: str) -> str:
    if len(run) == 1:
        return run
    return " ".join(run[index : index + 2] for index in range(len(run) - 1))


def words(text: str) -> list[str]:
    """Return the folded words of a text in order, including repetitions.

    A possessive ending is dropped (``user's`` → ``user``), other apostrophes are removed
    (``can't`` → ``cant``), and so are accents.
    """
    return [without_accents(_without_apostrophe(word)) for word in _WORD.findall(fold(text))]


def _without_apostrophe(word: str) -> str:
    if word.endswith(("'s", "’s")):
        return word[:-2]
    return word.replace("'", "").replace("’", "")


def without_accents(word: str) -> str:
    """Return the word with its accents removed (``größe`` → ``grosse``)."""
    if word.isascii():
        return word
    return "".join(
        char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char)
    )
