"""A terminal that shows no Unicode is told the nearest that it can show.

Every character keeps its width, so that nothing on the screen moves.
"""

import os
import unicodedata
from collections.abc import Mapping

from rich.cells import cell_len

#: What Python itself sets where it finds the plain C locale (PEP 538): it says nothing of the
#: terminal.
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
        "\xa0": " ",
    }
)  # fmt: skip


def shows_unicode(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal's locale is UTF-8; where none is named, it is taken to be."""
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        locale = environment.get(name, "")
        if name == "LC_CTYPE" and locale in _COERCED and environment.get("LANG"):
            continue
        if locale:
            charset = locale.partition(".")[2].partition("@")[0].lower().replace("-", "")
            return charset == "utf8"
    return True


def plain(text: str) -> str:
    """Return the text in ASCII, each character as wide as it was."""
    if text.isascii():
        return text
    return "".join(char if char.isascii() else _plain(char) for char in text.translate(_SIGNS))


def _plain(char: str) -> str:
    width = cell_len(char)
    base = unicodedata.normalize("NFKD", char)[:1]
    return (base if base.isascii() and base.isprintable() else "?").ljust(width, "?")[:width]
