"""Text from outside: stored as it was received, shown only after it was made harmless.

All text comes in through :func:`accept`, which checks the length and replaces what no database
stores, and goes out to a terminal through :func:`inert`.  Nothing here interprets markup: widgets
and printers get plain strings.
"""

import re
import unicodedata

from helpdesk.domain.errors import RefusedError

SUBJECT_LIMIT = 500
TEXT_LIMIT = 1_048_576

_CONTROL_PICTURES = {code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)}
_CONTROL_PICTURES[0x7F] = "␡"
_CONTROL_PICTURES.update({code: f"‹{code:02X}›" for code in range(0x80, 0xA0)})

#: Characters that reorder or hide text; each is shown as its code so that it cannot deceive.
_DECEPTIVE = (
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
    *range(0xFDD0, 0xFDF0),  # noncharacters of the Unicode standard, as are those of the next line
    *(plane << 16 | last for plane in range(17) for last in (0xFFFE, 0xFFFF)),
)
_SHOWN = _CONTROL_PICTURES | {code: f"‹U+{code:04X}›" for code in _DECEPTIVE}
# Joiners between visible characters stay: some scripts and emoji need them.
_NEEDED_JOINERS = re.compile(r"(?<=[^\s\x00-\x7f])[\u200c\u200d](?=[^\s\x00-\x7f])")
_SUSPECT = re.compile("[" + "".join(re.escape(chr(code)) for code in _SHOWN) + "\ud800-\udfff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
#: The most combining marks that a character keeps.
_MAX_COMBINING_MARKS = 4


def inert(text: str) -> str:
    """Return the text in a form that is safe to print on a terminal.

    Tabs and line feeds stay (the caller lays them out) and CR LF becomes LF.  Every other control
    character is replaced by a visible symbol, and characters that reorder or hide text by their
    code (``‹U+202E›``).  A character keeps at most four combining marks.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if text.isascii() and text.isprintable():
        return text
    if _SUSPECT.search(text):
        text = _SUSPECT.sub(_visible, text)
    return _limit_combining(text) if not text.isascii() else text


def _visible(found: re.Match[str]) -> str:
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
        if run <= _MAX_COMBINING_MARKS:
            kept.append(char)
    return "".join(kept)


def one_line(text: str) -> str:
    """Return :func:`inert` text on a single line: line breaks and tabs become single spaces."""
    return " ".join(inert(text).split())


def accept(text: str, what: str, limit: int = TEXT_LIMIT) -> str:
    """Return text from outside as it is stored.

    CR LF becomes LF, and NUL and lone surrogates, which no database stores, become U+FFFD.
    Everything else is unchanged.

    :param what: what the text is ("note"), for the error sentence.
    :raises RefusedError: if it is longer than ``limit`` characters.
    """
    if len(text) > limit:
        raise RefusedError(
            f"the {what} has {len(text):,} characters; at most {limit:,} are allowed: shorten it."
        )
    return storable(text.replace("\r\n", "\n"))


def storable(text: str) -> str:
    """Return the text with NUL and lone surrogates, which no database stores, as U+FFFD.

    A lone surrogate is half of a UTF-16 pair, or how Python represents a byte of a command-line
    argument that is not valid UTF-8.
    """
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def accept_subject(text: str) -> str:
    """Return a subject as it is stored: one line, not empty, of bounded length.

    :raises RefusedError: if it has no visible character or is too long.
    """
    line = " ".join(accept(text, "subject", TEXT_LIMIT).split())
    if not line or not any(char.isprintable() and not char.isspace() for char in line):
        raise RefusedError("the subject is empty: say in a few words what the query is about.")
    if len(line) > SUBJECT_LIMIT:
        raise RefusedError(
            f"the subject has {len(line):,} characters; at most {SUBJECT_LIMIT} are allowed: "
            "move the rest into the details."
        )
    return line


def accept_required(text: str, what: str) -> str:
    """Return a text that must not be blank, as :func:`accept` does.

    :raises RefusedError: if it is blank or too long.
    """
    if not text.strip():
        raise RefusedError(f"the {what} is empty: write it, or leave with Esc.")
    return accept(text, what)
