"""Shorten the terminal output, and pass on only the control sequences that the app itself sends.

Textual ends each piece of text with a reset and begins the next with its full style again.  This
makes up four fifths of the bytes when a column of countdowns in one colour is redrawn.
"""

import re

from rich.cells import cell_len

from helpdesk.domain.text import inert_cells, inert_in_place
from helpdesk.tui.terminal.sequences import MOVE, SILENT, STYLE

_TOKEN = re.compile(
    rf"{STYLE}|(?P<move>{MOVE})|(?P<silent>{SILENT})|(?P<text>[^\x1b\x07\r\n]+)|(?P<foreign>\x1b)"
)
_RESET = "0"


class LeanOutput:
    """Rewrites the output to one terminal; the screen looks the same."""

    def __init__(self) -> None:
        #: The style that was sent to the terminal, and the one that the output asks for.
        self._sent = _RESET
        self._wanted = _RESET

    def feed(self, data: str) -> str:
        """Return the text to send for the next piece of output, in which all sequences are whole.

        A control sequence that is not on the list of :mod:`helpdesk.tui.terminal.sequences`, or
        has no end, is text: its characters are sent as visible signs.
        """
        out: list[str] = []
        for token in _TOKEN.finditer(data):
            kind = token.lastgroup
            if kind == "style":
                self._want(token["style"])
                continue
            if kind != "move":  # moving the cursor shows no style; painting and erasing do
                out.append(self._style_change())
            out.append(_visible(token[0]) if kind in ("text", "foreign") else token[0])
        return "".join(out)

    def _want(self, style: str) -> None:
        if style.strip("0") == "":
            self._wanted = _RESET
        elif style.startswith("0;"):
            self._wanted = style
        else:
            self._wanted = f"{self._wanted};{style}"

    def _style_change(self) -> str:
        """Return the sequence that changes the style sent last into the wanted one."""
        if self._wanted == self._sent:
            return ""
        sent, self._sent = self._sent, self._wanted
        if self._wanted.startswith(f"{sent};") and sent != _RESET:
            return f"\x1b[{self._wanted[len(sent) + 1 :]}m"
        return "\x1b[m" if self._wanted == _RESET else f"\x1b[{self._wanted}m"


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    shown = inert_cells(text)
    if shown == text or cell_len(shown) == cell_len(text):
        return shown
    # Nothing on the screen may move because of an invisible character: it is left out.  A control
    # character should not have come so far, and is shown wherever it stands.
    return "".join(
        sign if sign == char or char < "\xa0" else sign * cell_len(char)
        for char, sign in zip(text, inert_in_place(text), strict=True)
    )
