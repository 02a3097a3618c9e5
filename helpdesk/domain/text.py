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

_CONTROL_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)}
_CONTROL_PICTURES[0x7F] = "␡"

#: Characters that reorder or hide text; each is shown as its code so that it cannot deceive.  They
#: are all code points that Unicode calls default-ignorable (unassigned ones as well), and more.
_DECEPTIVE = (
    "\u00ad\u034f\u061c\u115f\u1160\u3164\ufeff\uffa0"  # soft hyphen, fillers, and others
    "\u17b4\u17b5"  # invisible Khmer vowels
    "\u180b-\u180f"  # Mongolian selectors and vowel separator
    "\u200b-\u200f"  # zero-width and direction marks
    "\u2028-\u202e"  # line/paragraph separators, embeddings and overrides
    "\u2060-\u206f"  # word joiner, invisible operators, isolates
    "\ufdd0-\ufdef"  # noncharacters of the Unicode standard
    "\ufe00-\ufe0f"  # variation selectors
    "\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3"  # shorthand format controls
    "\U0001d173-\U0001d17a"  # musical format controls
    "\U000e0000-\U000e0fff"  # tags, more variation selectors
) + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
#: Joiners between visible characters stay, and a selector behind one: some scripts and emoji need
#: them.
_NEEDED = re.compile(
    r"(?<=[^\s\x00-\x7f\u200b-\u200f])[\u200c\u200d](?=[^\s\x00-\x7f\u200b-\u200f])"
    r"|(?<=[^\s\x00-\x7f\u180b-\u180f\u200b-\u200f\ufe00-\ufe0f\U000e0100-\U000e01ef])"
    r"[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
    r"|(?<=[0-9#*])\ufe0f(?=\u20e3)"
)
_MAYBE_NEEDED = frozenset(
    (0x200C, 0x200D, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
)
_SUSPECT = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff{_DECEPTIVE}]")
_SUSPECT_ON_A_LINE = re.compile(f"[\x00-\x1f\x7f-\x9f\ud800-\udfff{_DECEPTIVE}]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
#: The most non-spacing marks in a row that a character keeps, and the most marks of all kinds:
#: scripts such as Burmese write more of those that take room of their own.
_MAX_COMBINING_MARKS = 4
_MAX_MARKS = 8
#: A run of characters in which there may be too many marks.
_MAYBE_MARKS = re.compile(
    "[\u0300-\u1fff\u2070-\u218f\u2c00-\u303f\u3099\u309a\ua000-\uabff\uf900-\U0010ffff]"
    f"{{{_MAX_COMBINING_MARKS + 1}}}"
)


def inert(text: str) -> str:
    """Return the text in a form that is safe to print on a terminal.

    Tabs and line feeds stay (the caller lays them out) and CR LF becomes LF.  Every other control
    character is replaced by a visible symbol, and characters that reorder or hide text by their
    code (``‹U+202E›``).  A character keeps at most four combining marks, and eight marks in all.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if text.isascii() and text.isprintable():
        return text
    if _SUSPECT.search(text):
        text = _SUSPECT.sub(_visible, text)
    return _limit_combining(text) if not text.isascii() else text


def inert_cells(text: str) -> str:
    """Return text of one line with each harmful character replaced by one visible sign.

    Unlike :func:`inert`, no character becomes several (an escape is ``␛``, a direction override
    ``\N{REPLACEMENT CHARACTER}``), and tabs and line feeds are replaced as well.  Marks beyond the
    limit are left out.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _SUSPECT_ON_A_LINE.sub(_sign, text)
    return _limit_combining(text) if not text.isascii() else text


def _visible(found: re.Match[str]) -> str:
    if _is_needed(found):
        return found.group()
    code = ord(found.group())
    if 0x80 <= code < 0xA0:
        return f"‹{code:02X}›"
    if 0xD800 <= code < 0xE000:
        return "\N{REPLACEMENT CHARACTER}"
    return _CONTROL_PICTURES.get(code) or f"‹U+{code:04X}›"


def _sign(found: re.Match[str]) -> str:
    if _is_needed(found):
        return found.group()
    return _CONTROL_PICTURES.get(ord(found.group())) or "\N{REPLACEMENT CHARACTER}"


def _is_needed(found: re.Match[str]) -> bool:
    """Return whether an invisible character is one that a script or an emoji needs there."""
    if ord(found.group()) not in _MAYBE_NEEDED or not found.start():
        return False
    if not _NEEDED.match(found.string, found.start()):
        return False
    before = found.string[found.start() - 1]
    # A selector may stand before a joiner, as in many emoji; nothing else that is invisible may.
    return not _SUSPECT.match(before) or (found.group() == "\u200d" and before == "\ufe0f")


def _limit_combining(text: str) -> str:
    if not _MAYBE_MARKS.search(text):
        return text
    kept: list[str] = []
    combining = marks = 0
    for char in text:
        is_mark = unicodedata.category(char)[0] == "M"
        marks = marks + 1 if is_mark else 0
        combining = combining + 1 if unicodedata.combining(char) else combining if is_mark else 0
        if marks <= _MAX_MARKS and combining <= _MAX_COMBINING_MARKS:
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
