"""Make keys and pastes of the bytes that a terminal sends; nothing that comes in raises an error.

Textual's parser takes the parts of a key that arrive apart for several keys.  Here a sequence is
given to it only when it is whole.
"""

import codecs
import os
import re
import time
from collections.abc import Iterator, Mapping

from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from helpdesk.tui.terminal.received import Pasted, Received

#: A whole key or report; a lone Escape and the beginning of a sequence do not match.
_WHOLE = re.compile(
    r"\x1b(?:\[\[.|\[[0-9;]+\$(?![a-z])|\[(?!\[)[0-?]*[ -/]*[@-~]|O.|[^\[O\x1b])|[^\x1b]", re.DOTALL
)
#: How long the parts of one key may be apart, in seconds, here and over SSH.
_HERE_S, _SSH_S = 0.1, 0.5
#: How long to wait for input while no part of a key has come, in seconds.
_QUIET_S = 0.1
#: A longer sequence is none that a terminal sends.
_LONGEST = 128
#: What begins a sequence behind an Escape that has come alone.
_MAY_FOLLOW_ESCAPE = "[O]P_\x1b"
#: The length of an Escape and another key.
_TWO_KEYS = 2


def key_delay_s(environment: Mapping[str, str] = os.environ) -> float:
    """Return how long the parts of one key may be apart: ``ESCDELAY``, which is in milliseconds."""
    try:
        return max(1, int(environment.get("ESCDELAY", ""))) / 1000
    except ValueError:
        over_ssh = any(
            environment.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")
        )
        return _SSH_S if over_ssh else _HERE_S


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
        self._received = Received()
        self._escape_alone = False
        self._last = 0.0
        self._parser = XTermParser()

    @property
    def has_part(self) -> bool:
        """Whether a part of a key has come, and the rest may follow."""
        return bool(self._received.held)

    @property
    def wait_s(self) -> float:
        """For how many seconds to wait for more input before the next call of :meth:`tick`."""
        if not self._received.held:
            return _QUIET_S
        return min(_QUIET_S, max(0.0, self._last + self._delay_s - time.monotonic()) + 0.001)

    def feed(self, data: bytes) -> Iterator[Message]:
        """Return what the next bytes complete."""
        text = self._decoder.decode(data)
        if self._received.held == "\x1b" and text:
            # Escape, and then another key: only together would they be Alt and that key.
            self._escape_alone = True
            if text[0] not in _MAY_FOLLOW_ESCAPE:
                yield from self._flush()
        self._last = time.monotonic()
        yield from self._take(text)
        self._escape_alone = self._escape_alone and bool(self._received.held)

    def tick(self) -> Iterator[Message]:
        """Return what is complete because nothing more came for some time."""
        if time.monotonic() - self._last < self._delay_s:
            return
        rest = self._decoder.decode(b"", True)
        self._decoder.reset()
        yield from self._take(rest)
        yield from self._flush()

    def _take(self, text: str) -> Iterator[Message]:
        for part in self._received.feed(text):
            if isinstance(part, Pasted):
                yield events.Paste(part.text.replace("\x00", ""))
            else:
                yield from self._keys(part)

    def _flush(self) -> Iterator[Message]:
        """Take a lone Escape for that key; drop a sequence whose end did not come."""
        held, apart = self._received.flush(), self._escape_alone
        self._escape_alone = False
        if held == "\x1b" or (apart and len(held) == _TWO_KEYS):
            yield events.Key("escape", "\x1b")
            yield from self._keys(held[1:])
        elif len(held) == _TWO_KEYS:
            yield from self._keys(held)

    def _keys(self, keys: str) -> Iterator[Message]:
        place = 0
        while place < len(keys):
            if found := _WHOLE.match(keys, place):
                place = found.end()
                if len(found[0]) <= _LONGEST:
                    yield from self._parse(found[0])
            else:  # the next character is another Escape, or the end
                place += 1
                if keys[place : place + 1] == "\x1b":
                    yield events.Key("escape", "\x1b")
                else:
                    place = _next_escape(keys, place)

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


def _next_escape(keys: str, place: int) -> int:
    """Return where the next sequence begins behind one that has no end."""
    found = keys.find("\x1b", place)
    return found if found >= 0 else len(keys)
