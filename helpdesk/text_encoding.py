"""The encoding of text that comes in as bytes: arguments, standard input, the keys of a terminal.

Text is UTF-8, or in the encoding that the locale names.  Nothing is replaced without a word.
"""

import codecs
import os
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import one_line

BYTE_ORDER_MARK = "\ufeff"


def input_encoding(environment: Mapping[str, str] = os.environ) -> str:
    """Return the encoding of the locale; UTF-8 if none is set or it is not known."""
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        locale = environment.get(name, "")
        if name == "LC_CTYPE" and locale in ("C.UTF-8", "C.utf8", "UTF-8"):
            continue  # set by Python itself for the plain C locale
        if locale:
            try:
                found = codecs.lookup(locale.partition(".")[2].partition("@")[0] or "utf-8")
            except LookupError:
                return "utf-8"
            return found.name if found._is_text_encoding else "utf-8"  # noqa: SLF001
    return "utf-8"


def decode(raw: bytes, title: str) -> str:
    """Return text from its bytes, in UTF-8 or else in the encoding of the locale.

    UTF-8 comes first, because text in another encoding is hardly ever valid UTF-8.

    :param title: what holds the text, for the error message.
    :raises RefusedError: if it is in neither.
    """
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        text = _by_locale(raw)
        if text is None:
            raise RefusedError(
                f"{title} is not UTF-8 text (byte {error.start + 1:,}): convert it, or name its "
                "encoding, such as LC_ALL=de_DE.ISO-8859-1."
            ) from error
        return text


def _by_locale(raw: bytes) -> str | None:
    """Return the text as the locale reads it, or None if it cannot.

    UTF-16 begins with a byte order mark; most locales would read it, but as something else.
    """
    if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return None
    try:
        return raw.decode(input_encoding())
    except UnicodeDecodeError:
        return None


def decode_escaped(text: str, title: str) -> str:
    """Return :func:`decode` of text in which Python has kept invalid bytes as lone surrogates.

    :param title: what holds the text, for the error message.
    :raises RefusedError: if it is neither in UTF-8 nor in the encoding of the locale.
    """
    if text.isascii():
        return text
    try:
        raw = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise RefusedError(f"{title} holds half a character: write it again.") from error
    return decode(raw, title)


def argument_text(argument: str) -> str:
    """Return an argument of the command line as text.

    :raises RefusedError: if it is neither in UTF-8 nor in the encoding of the locale.
    """
    if argument.isascii():
        return argument
    title = f"the argument '{one_line(argument[:40])}'"
    try:
        raw = os.fsencode(argument)
    except UnicodeEncodeError:  # no argument of a process, which are bytes
        return decode_escaped(argument, title)
    return decode(raw, title)
