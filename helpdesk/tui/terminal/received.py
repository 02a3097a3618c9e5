"""Tell keys, pasted texts and answers apart in what the terminal sends.

Textual's parser takes control sequences within a pasted text for keys: a text that was copied from
a mail would act on tickets.  It takes a terminal's answers for keys as well, those to questions of
another program or a multiplexer: the ``c`` at the end of a terminal's description would claim a
ticket.  Nobody types such sequences, and the app asks for none of them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TEXT = r"[^\x00-\x1f\x7f]"
_ANSWER = re.compile(
    r"\x1b\[[?>=]?[0-9;]*c"  # what the terminal is
    r"|\x1b\[[0-9;]*n|\x1b\[\?[0-9;]*[nRuS]"  # its state, the cursor, the keyboard, graphics
    r"|\x1b\[(?!48;)[0-9;]+t"  # the window; 48 is a new size, which the app wants to know
    rf"|\x1b\](?:[0-9]{{1,4}};|[lL]){_TEXT}*(?:\x07|\x1b\\)"  # colours, clipboard, title
    rf"|\x1bP[0-9]?[$+>!|]{_TEXT}*\x1b\\"  # settings, capabilities, version
    rf"|\x1b_G{_TEXT}*\x1b\\"  # images
)
#: What may become an answer or a key with the next characters.
_BEGUN = re.compile(
    r"\x1b(?:\[(?:\[|[0-?]*[ -/]*)|O"
    rf"|\](?:[0-9]{{0,4}}|[0-9]{{1,4}};{_TEXT}*\x1b?|[lL]{_TEXT}*\x1b?)"
    rf"|P[0-9]?(?:[$+>!|]{_TEXT}*\x1b?)?|_(?:G{_TEXT}*\x1b?)?)?\Z"
)
_PASTE, _PASTED = "\x1b[200~", "\x1b[201~"
#: An answer has no more characters.
_LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class Pasted:
    """A text that was pasted, as it is."""

    text: str


class Received:
    """What the terminal has sent, in pieces of any size."""

    def __init__(self) -> None:
        self._held = ""
        self._paste: list[str] | None = None

    @property
    def held(self) -> str:
        """What was held back because its end has not come."""
        return self._held

    def feed(self, text: str) -> Iterator[str | Pasted]:
        """Yield the keys and the pasted texts in what was read; answers are dropped.

        A key or an answer of which only the beginning has come is held back, and so is a paste
        that has not ended.
        """
        text, self._held = self._held + text, ""
        while text:
            if self._paste is None:
                keys, begun, text = text.partition(_PASTE)
                keys = _ANSWER.sub("", keys)
                if begun:
                    self._paste = []
                else:
                    keys, self._held = _split(keys)
                if keys:
                    yield keys
            else:
                part, ended, text = text.partition(_PASTED)
                if not ended:
                    part, self._held = _split_paste(part)
                self._paste.append(part)
                if ended:
                    pasted, self._paste = "".join(self._paste), None
                    yield Pasted(pasted)

    def flush(self) -> str:
        """Return the keys that were held back: their end did not come in time."""
        if self._paste is not None:
            return ""
        text, self._held = self._held, ""
        return text


def _split(keys: str) -> tuple[str, str]:
    begun = _BEGUN.search(keys)
    if begun is None or len(keys) - begun.start() > _LONGEST:
        return keys, ""
    return keys[: begun.start()], keys[begun.start() :]


def _split_paste(part: str) -> tuple[str, str]:
    """Split a part of a paste before what may be the beginning of its end."""
    size = next((n for n in range(5, 0, -1) if part.endswith(_PASTED[:n])), 0)
    return part[: len(part) - size], part[len(part) - size :]
