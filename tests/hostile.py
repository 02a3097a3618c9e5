"""Texts that do harm if a program shows them unchanged."""

from collections.abc import Iterator
from itertools import product

_ESCAPES = (
    "\x1b]0;owned\x07", "\x1b]52;c;cm0gLXJm\x07", "\x1b]8;;http://evil.example\x1b\\here\x1b]8;;\x07",
    "\x1b]9;done\x07", "\x1b]777;notify;a;b\x1b\\", "\x1b]1337;File=:AAAA\x07", "\x1b]22;wait\x07",
    "\x1b[2J", "\x1b[H", "\x1b[31m", "\x1b[?1049l", "\x1b[?1000h", "\x1b[6n", "\x1b[5i", "\x1b[20t",
    "\x1b[8;1;1t", "\x1bc", "\x1b7\x1b8", "\x1b#8", "\x1bP$q\"p\x1b\\", "\x1bP+q544e\x1b\\",
    "\x1b_Gi=1;AAAA\x1b\\", "\x1b^pm\x1b\\", "\x1bX sos \x1b\\", "\x1b(0", "\x0e\x0f",
    "\x1b[?2026h",
    "\x9b2J", "\x9d0;c1\x9c", "\x90q\x9c", "\x8f", "\x85", "\x05", "\x07\x07", "\x08\x08\x08gone",
    "\x7f\x7f", "\x0b\x0c", "\rover", "\x18\x1a", "\x00",
)  # fmt: skip
_MARKUP = (
    "[bold red]loud[/]", "[@click=app.exit]go[/]", "[link=http://evil.example]x[/link]", "[/]",
    "[$primary]", "\\[x]", "[reverse][blink]x", ":warning:", "{0} %s {x!r}", "<b>x</b>",
    "**x** `y` [a](javascript:x)", "'; DROP TABLE tickets;--", "=cmd|' /C calc'!A0", "../../etc",
)  # fmt: skip
_TRICKS = (
    "\u202eevil\u202c", "\u2066a\u2069", "\u200f\u200e", "a\u200bb", "\u2060\ufeff",
    "\u2028x\u2029",
    "x" + "\u0301" * 200, "\U000e0041\U000e007f", "\u115f\u3164\uffa0", "\ufff9a\ufffab\ufffb",
    "\u00ad", "\u180e", "\u061c", "\ud83d\ude00", "👩‍👩‍👧", "ｗｉｄｅ", "x" * 5000, "\ufffe\uffff",
)  # fmt: skip
_FRAMES = ("{}", "a {} b", "{0}{0}")


def hostile_texts() -> Iterator[str]:
    """Yield about 200 hostile texts: each one alone, between words, and twice in a row."""
    for text, frame in product((*_ESCAPES, *_MARKUP, *_TRICKS), _FRAMES):
        yield frame.replace("{0}", text).replace("{}", text)
