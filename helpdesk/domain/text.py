"""Text from outside: stored as it was received, shown only after it was made harmless.

All text comes in through :func:`accept`, which checks the length and replaces what no database
stores, and goes out to a terminal through :func:`inert`.  Nothing here interprets markup: widgets
and printers get plain strings.
"""

import re

from helpdesk.domain.code_points import is_plain, limit_floods, replace_hidden
from helpdesk.domain.errors import RefusedError

SUBJECT_LIMIT = 500
TEXT_LIMIT = 1_048_576

_CONTROL_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)}
_CONTROL_PICTURES[0x7F] = "␡"
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def inert(text: str) -> str:
    """Return the text in a form that is safe to print on a terminal.

    Tabs and line feeds stay (the caller lays them out) and CR LF becomes LF.  Every other control
    character is replaced by a visible symbol, and every character that reorders or hides text, or
    that no font is sure to show, by its code (``‹U+202E›``).  What a script or an emoji needs
    stays; marks beyond the limits of :mod:`helpdesk.domain.code_points` are left out.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    return text if is_plain(text) else replace_hidden(limit_floods(text), _code)


def inert_cells(text: str) -> str:
    """Return text of one line with each harmful character replaced by one visible sign.

    Unlike :func:`inert`, no character becomes several (an escape is ``␛``, a direction override
    ``\N{REPLACEMENT CHARACTER}``), and tabs and line feeds are replaced as well.  Marks beyond the
    limit are left out.
    """
    return text if is_plain(text) else _on_a_line(replace_hidden(limit_floods(text), _sign))


def inert_in_place(text: str) -> str:
    """Return text of one line as :func:`inert_cells` does, character for character.

    Marks beyond the limit become signs, so that the text keeps its length: a field shows its text
    so, and its cursor stands where it should.
    """
    if is_plain(text):
        return text
    return _on_a_line(replace_hidden(limit_floods(text, _UNKNOWN), _sign))


def _code(char: str) -> str:
    code = ord(char)
    if 0x80 <= code < 0xA0:
        return f"‹{code:02X}›"
    if 0xD800 <= code < 0xE000:
        return _UNKNOWN
    return _CONTROL_PICTURES.get(code) or f"‹U+{code:04X}›"


def _sign(char: str) -> str:
    return _CONTROL_PICTURES.get(ord(char), _UNKNOWN)


def _on_a_line(text: str) -> str:
    return text.replace("\t", "␉").replace("\n", "␊")


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
        raise RefusedError(
            "the subject is empty: say in a few words what the query is about (--subject)."
        )
    if len(line) > SUBJECT_LIMIT:
        raise RefusedError(
            f"the subject has {len(line):,} characters; at most {SUBJECT_LIMIT} are allowed: "
            "move the rest into the details (--body)."
        )
    return line


def accept_required(text: str, what: str, option: str) -> str:
    """Return a text that must not be blank, as :func:`accept` does.

    :param option: the option of the command that takes it, for the error sentence.
    :raises RefusedError: if it is blank or too long.
    """
    if not text.strip():
        raise RefusedError(f"the {what} is empty: write it ({option}), or leave with Esc.")
    return accept(text, what)
