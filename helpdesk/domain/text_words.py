"""Splitting text into the words of the search index.

Indexed text and searched text are normalised by the same function, so that they match: upper case,
compatibility forms (``ﬁ``, full-width letters), ``ß`` and accents are folded, an emoji becomes its
name, and runs of Chinese, Japanese or Korean characters, which have no spaces between words, become
overlapping pairs of characters.
"""

import re
import unicodedata

_CJK = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
)
_CJK_RUN = re.compile(f"[{_CJK}]+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
#: The same for lower-case text of ASCII characters only.
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)?")
#: The accents of Latin, Greek and Cyrillic letters; marks of other scripts are parts of letters.
_ACCENTS = re.compile("[\u0300-\u036f]+")
#: Letters that Unicode does not decompose into a plain letter and an accent.
_PLAIN_LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)
#: What follows an emoji to choose its form or colour.
_EMOJI_MODIFIERS = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]+")
_EMOJI = re.compile("[\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
_HYPHENATED = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)+")
#: The letters and the digits of a word such as ``office365``.
_LETTERS_OR_DIGITS = re.compile(r"\d+|[^\W\d_]+")
_LONGEST_JOINED = 40


def fold(text: str) -> str:
    """Return text normalised for the index.

    It is case-folded, without accents and compatibility forms; emoji are replaced by their names,
    and CJK runs by pairs of characters.
    """
    if text.isascii():
        return text.lower()
    if "\n" in text:  # most lines of most texts are ASCII, which is folded much faster
        return "\n".join(map(fold, text.split("\n")))
    folded = unicodedata.normalize("NFKC", _EMOJI_MODIFIERS.sub("", text)).casefold()
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", folded)).translate(_PLAIN_LETTERS)
    named = _EMOJI.sub(_emoji_name, unicodedata.normalize("NFC", plain))
    return _CJK_RUN.sub(lambda run: f" {_pairs(run.group())} ", named)


def _emoji_name(found: re.Match[str]) -> str:
    """Return the name of a symbol as one word (``printer``); a blank if it is punctuation."""
    symbol = found.group()
    if unicodedata.category(symbol) != "So":
        return " "
    name = re.sub(r"\W", "", unicodedata.name(symbol, "")).lower()
    return f" {name} "


def _pairs(run: str) -> str:
    if len(run) == 1:
        return run
    return " ".join(run[index : index + 2] for index in range(len(run) - 1))


def is_pair(word: str) -> bool:
    """Whether a word is a pair of Chinese, Japanese or Korean characters; see :func:`fold`."""
    return len(word) == 2 and _CJK_RUN.fullmatch(word) is not None


def words(text: str) -> list[str]:
    """Return the folded words of a text in order, including repetitions.

    A possessive ending is dropped (``user's`` → ``user``), other apostrophes are removed
    (``can't`` → ``cant``), and so are accents.
    """
    return _folded_words(fold(text))


def _folded_words(folded: str) -> list[str]:
    if folded.isascii():  # most texts, and much faster
        found = _ASCII_WORD.findall(folded)
        if "'" not in folded:
            return found
        return [_without_apostrophe(word) if "'" in word else word for word in found]
    if "\n" in folded:
        return [word for line in folded.split("\n") for word in _folded_words(line)]
    return [
        word if word.isascii() and "'" not in word else without_accents(_without_apostrophe(word))
        for word in _WORD.findall(folded)
    ]


def indexed_words(text: str) -> list[str]:
    """Return the words of a text as the index stores them: first :func:`words`, then other forms.

    Other forms are a hyphenated word written as one (``on-boarding`` → ``onboarding``), and the
    parts of letters and digits (``office365`` → ``office``, ``365``; ``0x80070005`` →
    ``80070005``), so that each finds the other.
    """
    found = words(text)
    more: dict[str, None] = {}
    for hyphenated in _hyphenated(text):
        joined = "".join(words(hyphenated))
        if len(joined) <= _LONGEST_JOINED:
            more[joined] = None
    for word in found:
        if not word.isalpha() and not word.isdigit():
            more |= dict.fromkeys(parts_of_code(word))
    return [*found, *more]


def _hyphenated(text: str) -> list[str]:
    """Return the folded words of a text that are written with hyphens."""
    if "-" not in text and "‐" not in text:
        return []
    # Most parts have no hyphen, and the pattern is slow.
    parts = [part for part in fold(text).split() if "-" in part or "‐" in part or "‑" in part]
    return _HYPHENATED.findall(" ".join(parts))


def parts_of_code(word: str) -> tuple[str, ...]:
    """Return the parts of a word of letters and digits: ``win11`` → ``win``, ``11``; else ()."""
    if word.startswith("0x") and len(word) > len("0x") + 2:
        return (word.removeprefix("0x"),)
    if word.isalpha() or word.isdigit():
        return ()
    parts = tuple(_LETTERS_OR_DIGITS.findall(word))
    # Longer ones are keys and checksums, whose parts mean nothing.
    return parts if len(parts) == 2 else ()


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
