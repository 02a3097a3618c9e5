"""Cutting text into the pieces of words that the sentence encoder knows.

The rules are those of BERT (uncased): lower case, no accents, punctuation and Chinese characters
stand alone, and a word that is no piece itself is cut into the longest pieces from its left.  The
list of pieces is BERT's (Google, Apache License 2.0); a piece's number is its line.
"""

import re
import unicodedata
from pathlib import Path

_FILE = Path(__file__).with_name("wordpieces.txt")
_START, _END, _UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_LONGEST_WORD = 100
#: More pieces are no title or question, but a text; its beginning says what it is about.
_MOST_PIECES = 48
_CJK = (
    "\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\U00020000-\U0002a6df\U0002a700-\U0002b73f"
    "\U0002b740-\U0002b81f\U0002b820-\U0002ceaf\U0002f800-\U0002fa1f"
)
#: A run of letters, digits and marks, or one of whatever else stands alone.
_PART = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+|[^\w\s]|_")


class WordPieces:
    """Turns a text into the numbers of its pieces."""

    def __init__(self) -> None:
        lines = _FILE.read_text(encoding="utf-8").split("\n")
        self._numbers = {piece: number for number, piece in enumerate(lines) if piece}
        self._unknown = self._numbers[_UNKNOWN]
        self._ends = self._numbers[_START], self._numbers[_END]

    def numbers(self, text: str) -> list[int]:
        """Return the numbers of the text's pieces between those of its start and end."""
        found: list[int] = []
        for word in _PART.findall(_folded(text)):
            found += self._pieces(word)
            if len(found) >= _MOST_PIECES:
                break
        start, end = self._ends
        return [start, *found[:_MOST_PIECES], end]

    def _pieces(self, word: str) -> list[int]:
        whole = self._numbers.get(word)
        if whole is not None:
            return [whole]
        if len(word) > _LONGEST_WORD:
            return [self._unknown]
        found = []
        start = 0
        while start < len(word):
            prefix = "##" if start else ""
            for end in range(len(word), start, -1):
                number = self._numbers.get(prefix + word[start:end])
                if number is not None:
                    break
            else:
                return [self._unknown]
            found.append(number)
            start = end
        return found


def _folded(text: str) -> str:
    """Return the text in lower case, without accents and control characters."""
    if not text.isascii():
        text = "".join(
            char
            for char in unicodedata.normalize("NFD", text.lower())
            if unicodedata.category(char) not in ("Mn", "Cc", "Cf", "Co", "Cs") or char.isspace()
        )
    return text.lower()
