"""The WordPiece tokenizer of the sentence encoder.

The rules are those of BERT (uncased): lower case, no accents, each punctuation mark and each
Chinese character is a word, and a word that is not in the list of pieces is cut into the longest
pieces from left to right.  The list is BERT's (Google, Apache License 2.0); the number of a piece
is its line.
"""

import re
import unicodedata
from pathlib import Path

_FILE = Path(__file__).with_name("wordpieces.txt")
_START, _END, _UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_LONGEST_WORD = 100
#: At most this many pieces are used: the beginning of a longer text says what it is about.
_MAX_PIECES = 48
#: Chinese characters: the blocks of ideographs, as BERT lists them.
_CJK = re.compile(
    "[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\U00020000-\U0002a6df\U0002a700-\U0002b73f"
    "\U0002b740-\U0002b81f\U0002b920-\U0002ceaf\U0002f800-\U0002fa1f]"
)
_ASCII_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
#: Unicode categories: control and format characters, surrogates, private use.
_NOT_TEXT = ("Cc", "Cf", "Cs", "Co")
#: In ASCII: a run of letters and digits, or any single other character except white space.
_ASCII_WORD = re.compile(r"[a-z0-9]+|[^a-z0-9\s]")


class WordPieces:
    """Turns a text into the numbers of its word pieces."""

    def __init__(self) -> None:
        lines = _FILE.read_text(encoding="utf-8").split("\n")
        self._numbers = {piece: number for number, piece in enumerate(lines) if piece}
        self._unknown = self._numbers[_UNKNOWN]
        self._ends = self._numbers[_START], self._numbers[_END]

    def numbers(self, text: str) -> list[int]:
        """Return the numbers of the text's pieces, between those of [CLS] and [SEP]."""
        found: list[int] = []
        for word in _words(text):
            if word:
                found += self._pieces(word)
            if len(found) >= _MAX_PIECES:
                break
        start, end = self._ends
        return [start, *found[:_MAX_PIECES], end]

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


def _words(text: str) -> list[str]:
    """Return the words and punctuation marks of a text in lower case, without accents."""
    if text.isascii():
        return _ASCII_WORD.findall(_ASCII_CONTROL.sub("", text).lower())
    text = "".join(map(_cleaned, text))
    return "".join(map(_spaced, unicodedata.normalize("NFD", text))).split(" ")


def _cleaned(char: str) -> str:
    """Return a blank for white space, and "" for a character that is not text."""
    if char in "\t\n\r":
        return " "
    if char == "\N{REPLACEMENT CHARACTER}" or unicodedata.category(char) in _NOT_TEXT:
        return ""
    return " " if char.isspace() else char


def _spaced(char: str) -> str:
    """Return a character in lower case, with blanks around it if it is a word by itself."""
    category = unicodedata.category(char)
    if category == "Mn":  # an accent
        return ""
    # In ASCII, everything but letters and digits is punctuation; symbols such as "€" are not.
    is_mark = category[0] == "P" or (category[0] == "S" and char.isascii())
    return f" {char} " if is_mark or _CJK.match(char) else char.lower()
