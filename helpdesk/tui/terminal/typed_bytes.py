"""Make keys and pastes of the bytes that a terminal sends; nothing that comes in raises an error.

Textual's parser takes the parts of a key that arrive apart for several keys, and escape sequences
in a paste for keys.  Here a sequence is passed on only when it is whole.
"""

import codecs
import os
import re
import time
from collections.abc import Iterator, Mapping

from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

_PASTE_BEGINS, _PASTE_ENDS = "\x1b[200~", "\x1b[201~"
#: A whole key or report; a lone Escape and the beginning of a sequence do not match.
_WHOLE = re.compile(
    r"\x1b(?:\[\[.|\[[0-9;]+\$(?![a-z])|\[(?!\[)[0-?]*[ -/]*[@-~]|O.|[^\[O\x1b])", re.DOTALL
)
#: What a program wrote for a terminal within a pasted text: colours, titles, and other controls.
_SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[^\x1b])?"
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]",
    re.DOTALL,
)
#: How long the parts of one key may be apart, in seconds, here and over SSH.
_HERE_S, _SSH_S = 0.1, 0.5
#: A longer sequence is none that a terminal sends.
_LONGEST = 128


def key_delay_s(environment: Mapping[str, str] = os.environ) -> float:
    """Return how long the parts of one key may be apart: ``ESCDELAY``, which is in milliseconds."""
    try:
        return max(1, int(environment.get("ESCDELAY", ""))) / 1000
    except ValueError:
        over_ssh = any(
            environment.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")
        )
        return _SSH_S if over_ssh else _HERE_S


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


def _as_latin_1(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("helpdesk.latin-1", _as_latin_1)


class TypedBytes:
    """Reads one terminal's bytes; bytes that are not in its encoding are taken for ISO 8859-1."""

    def __init__(self, encoding: str, delay_s: float) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding)("helpdesk.latin-1")
        self._delay_s = delay_s
        self._waiting = ""
        self._pasted: str | None = None
        self._last = 0.0
        self._parser = XTermParser()

    def feed(self, data: bytes) -> Iterator[Message]:
        """Return what the next bytes complete."""
        if self._waiting == "\x1b" and data[:1] not in (b"[", b"O", b"\x1b"):
            # Escape, and then another key: only together would they be Alt and that key.
            yield from self._flush()
        self._last = time.monotonic()
        self._waiting += self._decoder.decode(data)
        yield from self._whole()

    def tick(self) -> Iterator[Message]:
        """Return what is complete because nothing more came for some time."""
        if time.monotonic() - self._last < self._delay_s:
            return
        self._waiting += self._decoder.decode(b"", True)
        self._decoder.reset()
        yield from self._whole()
        if self._pasted is None:
            yield from self._flush()

    def _flush(self) -> Iterator[Message]:
        """Take a lone Escape for that key; drop a sequence whose end did not come."""
        waiting, self._waiting = self._waiting, ""
        if waiting == "\x1b":
            yield events.Key("escape", "\x1b")

    def _whole(self) -> Iterator[Message]:
        while self._waiting:
            if self._pasted is not None:
                text, end, rest = self._waiting.partition(_PASTE_ENDS)
                if not end:
                    return
                self._waiting, self._pasted = rest, None
                yield events.Paste(_SEQUENCE.sub("", text))
            elif self._waiting.startswith(_PASTE_BEGINS):
                self._waiting, self._pasted = self._waiting[len(_PASTE_BEGINS) :], ""
            elif self._waiting[0] != "\x1b":
                char, self._waiting = self._waiting[0], self._waiting[1:]
                yield from self._parse(char)
            elif (found := _WHOLE.match(self._waiting)) and len(found[0]) <= _LONGEST:
                self._waiting = self._waiting[found.end() :]
                yield from self._parse(found[0])
            elif len(self._waiting) > 1 and self._waiting[1] == "\x1b":
                self._waiting = self._waiting[1:]
                yield events.Key("escape", "\x1b")
            elif len(self._waiting) > _LONGEST:
                self._waiting = ""
            else:
                return

    def _parse(self, whole: str) -> Iterator[Message]:
        """Return what a whole key means; one that means nothing is dropped."""
        parser = self._parser
        try:
            found = list(parser.feed(whole))
        except Exception:
            found = []
            self._renew()
        if parser._timeout_time is not None:  # noqa: SLF001  (it waits for more: an unknown one)
            self._renew()
        yield from found

    def _renew(self) -> None:
        old, self._parser = self._parser, XTermParser()
        for name in ("last_x", "last_y", "mouse_pixels", "terminal_size", "terminal_pixel_size"):
            setattr(self._parser, name, getattr(old, name))
