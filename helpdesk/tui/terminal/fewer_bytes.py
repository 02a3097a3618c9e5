"""Sending fewer bytes: a colour is told to the terminal when it changes, not at every word.

Textual ends each piece of text with a reset and begins the next with its whole style again.  Of a
second's worth of countdowns, all in one colour, four fifths of the bytes are that.
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
    """Rewrites what goes to one terminal; the screen comes out the same."""

    def __init__(self) -> None:
        #: What the terminal has been told, and what it would have been told by now.
        self._told = _RESET
        self._meant = _RESET
        self._cut = ""

    def feed(self, data: str) -> str:
        """Return what to send for the next piece of output."""
        out: list[str] = []
        data, self._cut = self._cut + data, ""
        for token in _TOKEN.finditer(data):
            kind = token.lastgroup
            if kind == "style":
                self._mean(token["style"])
            elif kind == "cut":
                self._cut = token[0]  # its end comes with the next piece
            else:
                if kind != "move":  # a style shows in whatever paints or erases
                    out.append(self._tell())
                out.append(token[0])
        return "".join(out)

    def _mean(self, style: str) -> None:
        if style.strip("0") == "":
            self._meant = _RESET
        elif style.startswith("0;"):
            self._meant = style
        else:
            self._meant = f"{self._meant};{style}"

    def _tell(self) -> str:
        if self._meant == self._told:
            return ""
        told, self._told = self._told, self._meant
        if self._meant.startswith(f"{told};") and told != _RESET:
            return f"\x1b[{self._meant[len(told) + 1 :]}m"
        return "\x1b[m" if self._meant == _RESET else f"\x1b[{self._meant}m"
