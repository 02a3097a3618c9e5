"""Shorten the terminal output: send a style only when it changes, not with every word.

Textual ends each piece of text with a reset and begins the next with its full style again.  This
makes up four fifths of the bytes when a column of countdowns in one colour is redrawn.
"""

import re

_TOKEN = re.compile(
    r"\x1b\[(?P<style>[0-9;:]*)m"
    r"|(?P<move>\x1b\[[0-9;]*[Hf]|[\r\n]+)"
    r"|(?P<other>\x1b\[[0-?]*[ -/]*[@-~]"  # control sequences
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_].*?\x1b\\"  # strings for the terminal
    r"|\x1b[ -/]*[0-Z\\^-~])"
    r"|(?P<cut>\x1b.*\Z)"
    r"|(?P<text>[^\x1b\r\n]+)",
    re.DOTALL,
)
_RESET = "0"


class LeanOutput:
    """Rewrites the output to one terminal; the screen looks the same."""

    def __init__(self) -> None:
        #: The style that was sent to the terminal, and the one that the output asks for.
        self._sent = _RESET
        self._wanted = _RESET
        self._cut = ""

    def feed(self, data: str) -> str:
        """Return the text to send for the next piece of output, which may end in mid-sequence."""
        out: list[str] = []
        data, self._cut = self._cut + data, ""
        for token in _TOKEN.finditer(data):
            kind = token.lastgroup
            if kind == "style":
                self._want(token["style"])
            elif kind == "cut":
                self._cut = token[0]  # the rest of the sequence comes with the next piece
            else:
                if kind != "move":  # moving the cursor shows no style; painting and erasing do
                    out.append(self._style_change())
                out.append(token[0])
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
