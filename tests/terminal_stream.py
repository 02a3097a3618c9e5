"""Recognise what a terminal may be sent: visible text and the control sequences of the app itself.

This list is written independently of the program's own.
"""

import re
import unicodedata

_OURS = re.compile(
    r"\x1b\[[0-9;:]*m"  # colours
    r"|\x1b\[[0-9]+;[0-9]+H|\x1b\[H"  # the cursor's place
    r"|\x1b\[\?(?:7|25|1000|1002|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]"  # modes
    r"|\x1b\[\?20(?:26|48)\$p|\x1b\[[<>=]?[0-9;]*u"  # queries of modes and the keyboard
    r"|\x1b\]22;[a-z-]+\x07"  # the pointer's shape
    r"|\x1b\]52;c;[A-Za-z0-9+/=]*\x07"  # text copied to the clipboard
    r"|\x1b\](?:9|777;notify;helpdesk);[^\x00-\x1f\x7f-\x9f]*\x07"  # a desktop notification
    r"|\x07"  # the bell
    r"|[\r\n]"
)
#: Code points that Unicode calls default-ignorable: a terminal shows nothing for them.
_IGNORABLE = {
    *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0),
    *range(0x180B, 0x1810),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),
    *range(0xFFF0, 0xFFF9),
    *range(0x1BCA0, 0x1BCA4),
    *range(0x1D173, 0x1D17B),
    *range(0xE0000, 0xE1000),
}
#: A joiner or a selector that a script or an emoji needs, behind a visible character.
_NEEDED = re.compile(
    "(?<=[0-9#*\u00a1-\u1fff\u2030-\ufdff\U00010000-\U0001ffff\ufe0f])"
    "[\u180b-\u180d\u180f\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)


def foreign(stream: str) -> list[str]:
    """Return the characters of a stream that are neither visible text nor the app's own.

    Stricter than :func:`harmful`: characters that are unassigned, for private use or of the format
    category may be written only where a script or an emoji needs them.
    """
    rest = _NEEDED.sub("", _OURS.sub("", stream))
    strange = {
        f"U+{ord(char):04X} in {rest[max(0, place - 20) : place + 20]!r}"
        for place, char in enumerate(rest)
        if unicodedata.category(char) in ("Cn", "Co", "Cf")
    }
    return sorted(strange | set(harmful(rest)))


def uncontrolled(stream: str) -> list[str]:
    """Return the harmful characters of a stream that are not part of the app's own sequences."""
    return harmful(_OURS.sub("", stream))


def harmful(text: str) -> list[str]:
    """Return the characters of a text that control a terminal or that it does not show."""
    rest = _NEEDED.sub("", text)
    return sorted(
        {
            f"U+{ord(char):04X} in {rest[max(0, place - 20) : place + 20]!r}"
            for place, char in enumerate(rest)
            if not (char.isascii() and char.isprintable()) and _is_harmful(char)
        }
    )


def _is_harmful(char: str) -> bool:
    """Return whether a character controls a terminal, or is hidden or reorders text there."""
    category = unicodedata.category(char)
    code = ord(char)
    return (
        category in ("Cc", "Cs", "Zl", "Zp")
        or code in _IGNORABLE
        or code & 0xFFFE == 0xFFFE
        or 0xFDD0 <= code < 0xFDF0
        or 0xFFF9 <= code < 0xFFFC
    )
