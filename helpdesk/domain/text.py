"""Text from outside: kept as it came, shown as inert text.

:func:`accept` is the one way in (limits; the two things no database stores), :func:`inert` the
one way out to a terminal.  Nothing here interprets markup: widgets and printers get plain strings.
"""

import re
import unicodedata

from helpdesk.domain.errors import RefusedError

SUBJECT_LIMIT = 500
TEXT_LIMIT = 1_048_576

_CONTROL_PICTURES = {code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)}
_CONTROL_PICTURES[0x7F] = "␡"
_CONTROL_PICTURES.update({code: f"‹{code:02X}›" for code in range(0x80, 0xA0)})

#: Characters that reorder or hide text; each is shown as its code so that nobody is fooled.
_TRICKS = (
    *range(0x200B, 0x2010),  # zero-width and direction marks
    *range(0x2028, 0x202F),  # line/paragraph separators, embeddings and overrides
    *range(0x2060, 0x2070),  # word joiner, invisible operators, isolates
    0x00AD,
    0x034F,
    0x061C,
    0x115F,
    0x1160,
    0x180E,
    0x3164,
    0xFEFF,
    0xFFA0,
    *range(0xFFF9, 0xFFFC),
    *range(0xE0000, 0xE0080),  # tags
    *range(0xFDD0, 0xFDF0),  # no characters at all, by Unicode's own word
    *(plane << 16 | last for plane in range(17) for last in (0xFFFE, 0xFFFF)),
)
_SHOWN = _CONTROL_PICTURES | {code: f"‹U+{code:04X}›" for code in _TRICKS}
# Joiners that ordinary words and emoji need are left alone between visible characters.
_NEEDED_JOINERS = re.compile(r"(?<=[^\s\x00-\x7f])[\u200c\u200d](?=[^\s\x00-\x7f])")
_SUSPECT = re.compile("[" + "".join(re.escape(chr(code)) for code in _SHOWN) + "\ud800-\udfff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_COMBINING_RUN = 4


def inert(text: str) -> str:
    """Return the text as a terminal may show it: no control character, no bidi trick.

    Tabs and line feeds stay (the caller lays them out); CR LF becomes LF; every other control
    character becomes a visible sign, marks that reorder or hide text become their code, and a
    letter carries at most a few combining marks.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if text.isascii() and text.isprintable():
        return text
    if _SUSPECT.search(text):
        text = _SUSPECT.sub(_show, text)
    return _limit_combining(text) if not text.isascii() else text


def _show(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code in (0x200C, 0x200D) and _NEEDED_JOINERS.match(found.string, found.start()):
        return found.group()
    return _SHOWN.get(code) or "\N{REPLACEMENT CHARACTER}"


def _limit_combining(text: str) -> str:
    if not any(unicodedata.combining(char) for char in text):
        return text
    kept: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run <= _COMBINING_RUN:
            kept.append(char)
    return "".join(kept)


def one_line(text: str) -> str:
    """Return :func:`inert` text on a single line: line breaks and tabs become single spaces."""
    return " ".join(inert(text).split())


def accept(text: str, what: str, limit: int = TEXT_LIMIT) -> str:
    """Return text from outside as it is stored.

    It is kept to the letter but for NUL and lone surrogates, which no database stores (they
    become U+FFFD), and CR LF, which becomes LF.

    :raises RefusedError: if it is longer than ``limit`` characters.
    """
    if len(text) > limit:
        raise RefusedError(
            f"the {what} has {len(text):,} characters; at most {limit:,} are kept: shorten it."
        )
    return storable(text.replace("\r\n", "\n"))


def storable(text: str) -> str:
    """Return the text with U+FFFD in place of what no database stores: NUL and lone surrogates.

    A lone surrogate is half of a character, or what Python makes of an argument's byte that is
    not UTF-8.
    """
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def accept_subject(text: str) -> str:
    """Return a subject as it is stored: one line, not empty, of bounded length.

    :raises RefusedError: if nothing visible is left or it is too long.
    """
    line = " ".join(accept(text, "subject", TEXT_LIMIT).split())
    if not line or not any(char.isprintable() and not char.isspace() for char in line):
        raise RefusedError("the subject is empty: say in a few words what the query is about.")
    if len(line) > SUBJECT_LIMIT:
        raise RefusedError(
            f"the subject has {len(line):,} characters; at most {SUBJECT_LIMIT} are kept: "
            "move the rest into the details."
        )
    return line


def accept_required(text: str, what: str) -> str:
    """Return a text that must say something.

    :raises RefusedError: if it is blank or too long.
    """
    if not text.strip():
        raise RefusedError(f"the {what} is empty: write it, or leave with Esc.")
    return accept(text, what)
