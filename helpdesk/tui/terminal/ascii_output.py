"""Convert output to ASCII for terminals that cannot show Unicode.

Every character keeps its width, so that nothing on the screen moves.
"""

import os
import unicodedata
from collections.abc import Mapping

from rich.cells import cell_len

#: The values of ``LC_CTYPE`` that Python itself sets for the plain C locale (PEP 538); they say
#: nothing about the terminal.
_COERCED = {"C.UTF-8", "C.utf8", "UTF-8"}
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("─━—–−‑‐", "-"),
        **dict.fromkeys("│┃▏▕█▌▐▎▍", "|"),
        **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯", "+"),
        **dict.fromkeys("·•…", "."),
        **dict.fromkeys("▸›→", ">"),
        **dict.fromkeys("‹←", "<"),
        **dict.fromkeys("▲↑", "^"),
        **dict.fromkeys("↓▼", "v"),
        **dict.fromkeys("“”„", '"'),
        **dict.fromkeys("‘’", "'"),
        "◆": "*", "⏸": "=", "↩": "<", "✎": "/", "◷": "@", "✉": "@", "✓": "x", "×": "x", "↕": "|",
        "✗": "!", "«": "<", "»": ">", "\xa0": " ",
    }
)  # fmt: skip


def shows_unicode(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether the terminal's locale is UTF-8; assume so if no locale is set."""
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        locale = environment.get(name, "")
        if name == "LC_CTYPE" and locale in _COERCED and environment.get("LANG"):
            continue
        if locale:
            charset = locale.partition(".")[2].partition("@")[0].lower().replace("-", "")
            return charset == "utf8"
    return True


def to_ascii(text: str) -> str:
    """Return the text in ASCII; each character keeps its width in cells."""
    if text.isascii():
        return text
    return "".join(char if char.isascii() else _to_ascii(char) for char in text.translate(_SIGNS))


def _to_ascii(char: str) -> str:
    width = cell_len(char)
    base = unicodedata.normalize("NFKD", char)[:1]
    return (base if base.isascii() and base.isprintable() else "?").ljust(width, "?")[:width]
