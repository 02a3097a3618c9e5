r"""Characters of Unicode that hide, reorder or flood text, and where an honest text needs them.

A terminal is sent only what it shows.  Never sent are control characters, lone surrogates,
noncharacters, private use characters (each font shows something else), format characters,
characters that are not assigned (a terminal may give them any width), and blanks that look like
nothing.  Joiners, selectors and tags are sent where the writing of a language or an emoji needs
them, and nowhere else.

``_DEFAULT_IGNORABLE`` is the property ``Default_Ignorable_Code_Point`` of the Unicode Character
Database (``DerivedCoreProperties.txt`` of version 14.0, the same ranges up to version 17.0), which
Python's ``unicodedata`` does not tell.  All other properties are those of ``unicodedata``.
"""

import re
import unicodedata
from collections.abc import Callable

_DEFAULT_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
#: Blanks that are no spaces: of Braille, Khitan and musical notes.
_BLANK = "\u2800\U00016fe4\U0001d159"
_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"

# What an honest text needs. Emoji that Unicode assigned after the version that Python knows count.
_EMOJI = (
    "[\xa9\xae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf"
    "\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff]"
)
_TONE = "[\U0001f3fb-\U0001f3ff]"
_PERSON = f"{_EMOJI}(?:\ufe0f|{_TONE})?"
_IDEOGRAPH = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003347f"
_VARIED = (
    "\u1000-\u109f\u2200-\u22ff\u2a00-\u2aff\u3001\u3002\ua840-\ua877\uaa60-\uaa7f\uff01-\uff60"
)
_ARABIC = "\u0620-\u06dc\u0710-\u08e1\u08e3-\u08ff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
_INDIC = "\u0900-\u0dff\u1000-\u109f\u1780-\u17b3\u17b6-\u17ff\u1820-\u18aa\uaa60-\uaa7f"
_JOINED = f"{_ARABIC}{_INDIC}\ua8e0-\ua8ff\U00011000-\U000117ff"
_VIRAMA = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca"
_NEEDED = (
    f"{_PERSON}(?:\u200d{_PERSON}){{1,3}}"  # families, professions: at most four parts
    f"|{_EMOJI}[\ufe0e\ufe0f]"
    "|[0-9#*]\ufe0f\u20e3"
    "|\U0001f3f4\U000e0067\U000e0062(?:"  # the flags of England, Scotland and Wales
    "\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073"
    ")\U000e007f"
    f"|[{_IDEOGRAPH}][\ufe00-\ufe02\U000e0100-\U000e01ef]|[{_VARIED}]\ufe00"
    "|[\u1820-\u18aa][\u180b-\u180d\u180f]"  # Mongolian
    f"|[\u200c\u200d](?<=[{_JOINED}].)(?=[{_JOINED}])"
    f"|\u200c(?<=[A-Za-z0-9].)(?=[{_ARABIC}])"  # a Persian ending of a Latin word
    f"|\u200d(?<=[{_VIRAMA}].)"
    "|\u2800(?<=[\u2801-\u28ff].)(?=[\u2801-\u28ff])"  # a space between words in Braille
)
_HIDDEN = re.compile(f"(?P<needed>{_NEEDED})|[{_CONTROL}{_DEFAULT_IGNORABLE}{_BLANK}]")
_MAYBE_HIDDEN = re.compile(f"[{_CONTROL}{_DEFAULT_IGNORABLE}{_BLANK}]")
#: Emoji and ideographs of versions of Unicode that are newer than Python's: everybody's font has
#: them, and their width is known.
_NEWER = re.compile(
    "[\U0001f6d8-\U0001f6df\U0001fa70-\U0001faff"
    "\U0002b739\U0002ebf0-\U0002ee5d\U00031350-\U00033479]"
)

#: The most marks of one kind (above and below the letter, and enclosing; beside the letter), and
#: of all kinds, that a character keeps: scripts such as Burmese write several of several kinds.
_MAX_COMBINING_MARKS = 4
_MAX_SPACING_MARKS = 4
_MAX_MARKS = 8
_JOINERS = "\u200c\u200d"
#: The most letters of flags in a row: eight flags.
_MAX_FLAG_LETTERS = 16
#: A run of characters in which there may be too many marks.
_MAYBE_MARKS = re.compile(
    "[\u0300-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u303f\u3099\u309a\ua000-\uabff"
    f"\uf900-\U0010ffff]{{{_MAX_COMBINING_MARKS + 1}}}"
)
_FLAG_LETTER = "[\U0001f1e6-\U0001f1ff]"
_FLOOD = re.compile(f"(?<={_TONE}){_TONE}+|(?<={_FLAG_LETTER * _MAX_FLAG_LETTERS}){_FLAG_LETTER}+")


def is_plain(text: str) -> bool:
    """Return whether a text is so plain that nothing in it needs a second look."""
    return text.isascii() and text.isprintable()


def replace_hidden(text: str, sign: Callable[[str], str]) -> str:
    """Return the text with each character that a terminal must not get replaced by its sign.

    Tabs, line feeds and spaces of all widths stay.

    :param sign: returns what is shown for a character.
    """
    if not text.isprintable():
        unknown = {ord(char): sign(char) for char in set(text) if _is_unknown(char)}
        text = text.translate(unknown) if unknown else text
    if not _MAYBE_HIDDEN.search(text):
        return text
    hidden = _MAYBE_HIDDEN if text.isascii() else _HIDDEN
    return hidden.sub(
        lambda found: found[0] if found.lastgroup == "needed" else sign(found[0]), text
    )


def limit_floods(text: str, instead: str = "") -> str:
    """Return the text without marks, skin tones and letters of flags beyond the limits.

    :param instead: what each of them becomes.
    """
    if text.isascii():
        return text
    text = _FLOOD.sub(lambda found: instead * len(found[0]), text)
    if not _MAYBE_MARKS.search(text):
        return text
    kept: list[str] = []
    marks = combining = spacing = 0
    for char in text:
        category = unicodedata.category(char)
        if category[0] == "M":
            marks += 1
            combining += category == "Me" or unicodedata.combining(char) != 0
            spacing += category == "Mc"
            if (
                marks > _MAX_MARKS
                or combining > _MAX_COMBINING_MARKS
                or spacing > _MAX_SPACING_MARKS
            ):
                char = instead
        elif char not in _JOINERS:  # which make no new character of the marks behind them
            marks = combining = spacing = 0
        kept.append(char)
    return "".join(kept)


def _is_unknown(char: str) -> bool:
    """Return whether a character is for private use, a format character or not assigned."""
    if char.isprintable() or char.isspace():
        return False
    category = unicodedata.category(char)
    if category == "Cn":
        return not _NEWER.match(char)
    return category in ("Co", "Cf") and not _MAYBE_HIDDEN.match(char)
