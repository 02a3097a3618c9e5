"""One piece of news, and how it is shown in one line."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from rich.cells import cell_len, set_cell_size
from textual.content import Content

#: For how long an error stands at least before the news of others may take its place, in seconds.
_ERROR_S = 8.0
#: A sentence stands for this long at least, and longer if it has many characters.
_SHORTEST_S, _CHARACTERS_PER_S = 4.0, 15.0


class NewsKind(IntEnum):
    """What a piece of news means to the user; the more it matters, the higher."""

    HINT = 0
    DONE = 1
    WARNING = 2
    ERROR = 3


#: The sign before each kind and its colour; the sign alone tells the kinds apart.
_SIGNS = {
    NewsKind.HINT: ("›", "$secondary"),
    NewsKind.DONE: ("✓", "$success"),
    NewsKind.WARNING: ("◆", "$warning"),
    NewsKind.ERROR: ("✗", "$error"),
}


@dataclass(frozen=True, slots=True)
class NewsItem:
    """A piece of news.

    :ivar number: later news have higher numbers.
    :ivar at: when it came (UTC).
    :ivar text: one line, or several; without control characters.
    :ivar notice: whether it is a notice of the inbox: what others did, or an alarm.
    :ivar of_loading: whether it is the error of a list that could not be read.
    :ivar sign: the sign before the text, if it is another than that of the kind.
    :ivar more: how many other notices came with it.
    """

    number: int
    at: datetime
    kind: NewsKind
    text: str
    notice: bool = False
    of_loading: bool = False
    sign: str | None = None
    more: int = 0

    @property
    def stays(self) -> bool:
        """Whether it stays until something succeeds, instead of going after its time."""
        return self.kind is NewsKind.ERROR and not self.notice

    @property
    def time_s(self) -> float:
        """How long it stands before it goes, or may be replaced by a notice, in seconds."""
        reading = max(_SHORTEST_S, len(self.text) / _CHARACTERS_PER_S)
        return max(reading, _ERROR_S) if self.notice or self.kind > NewsKind.DONE else reading

    def content(self) -> Content:
        """Return the whole text with its sign."""
        sign, colour = _SIGNS[self.kind]
        sign = sign if self.sign is None else self.sign
        return Content.styled(sign, f"bold {colour}") + Content(f"{' ' if sign else ''}{self.text}")

    def line(self, width: int, key: str) -> Content:
        """Return the text cut to one line.

        :param width: the number of cells in the line.
        :param key: the key that lists all news; it is named if something is left out.
        """
        whole = self.content()
        text = " · ".join(whole.plain.split("\n"))
        tail = f"  +{self.more} {key}" if self.more else ""
        if cell_len(text) + cell_len(tail) > width:
            tail = tail or f" {key}"
            text = f"{set_cell_size(text, max(0, width - cell_len(tail) - 1)).rstrip()}…"
        length = len(whole.plain) - len(self.text)
        return whole[:length] + Content(text[length:]) + Content.styled(tail, "$secondary")
