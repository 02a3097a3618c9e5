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
#: Blanks that are no spaces.
_BLANK = {0x2800, 0x16FE4, 0x1D159}
#: Emoji and ideographs that are newer than Python's Unicode.
_NEWER = {
    *range(0x1F6D8, 0x1F6E0),
    *range(0x1FA70, 0x1FB00),
    0x2B739,
    *range(0x2EBF0, 0x2EE5E),
    *range(0x31350, 0x3347A),
}
_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a]{5}\U000e007f")
_MOST_MARKS = 8
#: Text of which nothing is left to find out.
_PLAIN = re.compile("[ -~\n‹›\u2400-\u2421\ufffd]*")


def foreign(stream: str) -> list[str]:
    """Return the characters of a stream that are neither visible text nor the app's own."""
    return harmful(_OURS.sub("\n", stream))


def harmful(text: str) -> list[str]:
    """Return the characters of a text that control a terminal or that it does not show.

    Characters that are unassigned, for private use or of the format category are among them, but
    where a script or an emoji needs one.  So are marks and skin tones in long runs.
    """
    if _PLAIN.fullmatch(text):
        return []
    rest = _FLAG.sub("", text)
    found = set()
    marks = 0
    for place, char in enumerate(rest):
        if char.isascii() and (char.isprintable() or char == "\n"):
            marks = 0
            continue
        marks = marks + 1 if unicodedata.category(char)[0] == "M" else 0
        if marks > _MOST_MARKS or (_is_harmful(char) and not _is_needed(rest, place)):
            found.add(f"U+{ord(char):04X} in {rest[max(0, place - 20) : place + 20]!r}")
    found.update(re.findall("[\U0001f3fb-\U0001f3ff]{2,}", rest))
    return sorted(found)


def _is_harmful(char: str) -> bool:
    """Return whether a character controls a terminal, or is hidden or reorders text there."""
    category = unicodedata.category(char)
    code = ord(char)
    return (
        category in ("Cc", "Cs", "Zl", "Zp", "Co", "Cf")
        or (category == "Cn" and code not in _NEWER)
        or code in _IGNORABLE
        or code in _BLANK
    )


def _is_needed(text: str, place: int) -> bool:
    """Return whether a joiner or a selector has a meaning behind the character before it."""
    char, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
    if not before:
        return False
    kind, code = unicodedata.category(before), ord(before)
    pictured = kind in ("So", "Sm") or code in _NEWER or before in "\u2139\u203c\u2049\u3030\u303d"
    written = kind[0] in "LM" and code > 0x5FF and code not in _IGNORABLE
    if char in "\u200c\u200d":
        latin = before.isascii() and before.isalnum() and "\u0620" <= after <= "\u06ff"
        return pictured or written or latin or before == "\ufe0f" or kind == "Sk"
    if "\ufe00" <= char <= "\ufe0f":
        keycap = before in "0123456789#*" and after == "\u20e3"
        return pictured or keycap or kind in ("Lo", "Po", "Ps", "Pe", "Nd", "Pd")
    if "\u180b" <= char <= "\u180f":
        return 0x1820 <= code <= 0x18AA
    if "\U000e0100" <= char <= "\U000e01ef":
        return kind == "Lo" or code in _NEWER
    return char == "\u2800" and 0x2800 < code < 0x2900
