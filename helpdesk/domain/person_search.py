"""How people are found: by words of their name, their mail address and telephone number.

A row holds the words in one folded form (:func:`search_text`), and what is typed is folded in the
same way (:func:`search_terms`), so that spelling, accents and the form of a number do not matter.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+")
_CJK = re.compile(
    "[\u1100-\u11ff\u2e80-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]"
)
_NUMBER = re.compile(r"\d[\d ()/.\-]*\d")
_ONLY_NUMBER = re.compile(r"[+\d][\d ()/.\-]*")
#: Fewer digits are not looked for, and at least so many make two numbers the same.
_FEWEST_DIGITS, _SAME_DIGITS = 3, 6
_PLAIN = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


def is_phone_number(text: str) -> bool:
    """Whether a text is nothing but a telephone number, or the beginning of one."""
    text = text.strip()
    return bool(_ONLY_NUMBER.fullmatch(text)) and bool(_digits(text))


def phone_numbers(text: str) -> tuple[str, ...]:
    """Return the digits of each telephone number in a text, without zeros in front."""
    plain = text.replace("(0)", " ") if text.isascii() else _ascii_digits(text)
    found = (_digits(number) for number in _NUMBER.findall(plain))
    return tuple(dict.fromkeys(number for number in found if number))


def is_same_number(one: str, other: str) -> bool:
    """Whether two telephone numbers can be the same: one may lack the country or the area.

    :param one: as :func:`phone_numbers` returns it, and ``other`` too.
    """
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= _SAME_DIGITS and long.endswith(short))


def _ascii_digits(text: str) -> str:
    return "".join(
        str(unicodedata.digit(char)) if char.isdigit() and not char.isascii() else char
        for char in text
    )


def _digits(text: str) -> str:
    digits = "".join(filter(str.isdigit, text.replace("(0)", ""))).lstrip("0")
    return digits if len(digits) >= _FEWEST_DIGITS else ""


def spellings(word: str) -> tuple[str, ...]:
    """Return a word without case and accents, also as its umlauts are written with two letters."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    if folded.isascii():
        return (folded,)
    composed = unicodedata.normalize("NFC", folded)
    return tuple(
        dict.fromkeys(
            (_without_accents(composed), _without_accents(composed.translate(_TWO_LETTERS)))
        )
    )


def _without_accents(word: str) -> str:
    apart = unicodedata.normalize("NFD", word)
    plain = "".join(char for char in apart if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", plain).translate(_PLAIN)


def folded_name(name: str) -> str:
    """Return a name for comparison: without case, accents and needless blanks."""
    return " ".join(spellings(" ".join(name.split()))[:1])


def search_text(name: str, mail: str | None, phone: str) -> str:
    """Return the words by which a person is found, each after a blank."""
    found = dict.fromkeys(
        spelling
        for part in _parts(f"{name} {(mail or '').partition('@')[0]}")
        for spelling in spellings(part)
    )
    numbers = phone_numbers(phone)
    return " ".join(("", *found, *filter(None, [mail]), *numbers, ""))


def _parts(text: str) -> Iterator[str]:
    """Yield the words of a text; those joined by a hyphen or an apostrophe as one word, too."""
    for word in text.split():
        parts = _WORD.findall(word)
        yield from parts
        if len(parts) > 1:
            yield "".join(parts)


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """A condition on the text of :func:`search_text`: it contains one of these.

    :ivar begins: whether one of its words begins so; otherwise they may stand anywhere.
    """

    texts: tuple[str, ...]
    begins: bool = True


def search_terms(text: str) -> tuple[SearchTerm, ...]:
    """Return the conditions that a person must meet to be found for a text, all of them.

    :param text: words of a name, a mail address, or digits of a telephone number, or how one of
        them begins.
    """
    if is_phone_number(text):
        digits = _digits(text)
        # A longer number may have a country in front that the stored one lacks, or lack it.
        end = digits[-_SAME_DIGITS:] if len(digits) > _SAME_DIGITS else digits
        return (SearchTerm((end,), begins=False),)
    terms = []
    for word in text.split():
        if "@" in word or "_" in word:  # a mail address
            terms.append(SearchTerm((word.strip("<>").casefold(),)))
        else:
            terms += [
                SearchTerm(spellings(part), begins=not _CJK.search(part))
                for part in _WORD.findall(word)
            ]
    return tuple(terms)


def fits_number(text: str, phone: str) -> bool:
    """Whether a typed number, or a part of one, fits to a telephone number of a person."""
    typed = _digits(text)
    return any(typed in number or is_same_number(typed, number) for number in phone_numbers(phone))


def are_alike(one: str, other: str) -> bool:
    """Whether two names differ so little that one may be a slip of the other."""
    first, second = folded_name(one), folded_name(other)
    if first == second or sorted(first.split()) == sorted(second.split()):
        return True
    return abs(len(first) - len(second)) <= 1 and _distance_is_one(first, second)


def _distance_is_one(one: str, other: str) -> bool:
    """Whether one letter was added, left out, mistaken or swapped with the next."""
    start = next(
        (place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[1::-1] + a[2:] == b)
