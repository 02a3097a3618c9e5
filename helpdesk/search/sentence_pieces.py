"""Splitting a text of any language into the pieces of words that a model knows.

The most probable splitting is taken (a unigram model): the one whose pieces have the highest sum of
scores.  The pieces are looked up in a sorted array that is mapped into memory: as Python objects
they would take 45 MB in each process.

Source: T. Kudo, "Subword Regularization", 2018; the library SentencePiece (Apache License 2.0).
"""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from helpdesk.search.unpacked_model import NUMBERS, PIECES, SCORES, STARTS

_UNKNOWN, _BEGIN, _END = 0, 1, 2
#: What stands for a blank in a piece.
_BLANK = "\u2581"
#: How much worse than the least probable piece an unknown character is.
_UNKNOWN_PENALTY = 10.0
#: At most this many characters of a text are split.
_TEXT_LIMIT = 1_000


class SentencePieces:
    """The pieces of words of a model; can be shared by threads."""

    def __init__(self, arrays: Mapping[str, Any]) -> None:
        """Use the mapped arrays of the model.

        :raises KeyError: if one is missing.
        """
        self._pieces, self._starts = memoryview(arrays[PIECES]), memoryview(arrays[STARTS])
        self._numbers, self._scores = memoryview(arrays[NUMBERS]), memoryview(arrays[SCORES])
        self._count = len(self._numbers)
        self._unknown_score = float(arrays[SCORES].min()) - _UNKNOWN_PENALTY
        self._found = lru_cache(maxsize=8_192)(self._look_up)

    def numbers(self, text: str) -> list[int]:
        """Return the numbers of the pieces of a text, with those of its begin and end."""
        normal = " ".join(unicodedata.normalize("NFKC", text[:_TEXT_LIMIT]).split())
        if not normal:
            return [_BEGIN, _UNKNOWN, _END]
        return [_BEGIN, *self._best(_BLANK + normal.replace(" ", _BLANK)), _END]

    def _best(self, text: str) -> Sequence[int]:
        """Return the most probable splitting."""
        length = len(text)
        best = [0.0, *([float("-inf")] * length)]
        came_from = [(0, _UNKNOWN)] * (length + 1)
        for start in range(length):
            end = start
            continues = True
            while continues and end < length:
                end += 1
                number, score, continues = self._found(text[start:end])
                if number < 0 and end == start + 1:
                    number, score = _UNKNOWN, self._unknown_score
                if number >= 0 and best[start] + score > best[end]:
                    best[end] = best[start] + score
                    came_from[end] = start, number
        found = []
        while length:
            length, number = came_from[length]
            found.append(number)
        return found[::-1]

    def _look_up(self, text: str) -> tuple[int, float, bool]:
        """Return the number of a piece (-1: it is none), its score, and whether others go on."""
        wanted = text.encode("utf-8", "replace")
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            if self._piece(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        number, score = -1, 0.0
        if low < self._count and self._piece(low) == wanted:
            number, score = self._numbers[low], self._scores[low]
            low += 1
        return number, score, low < self._count and self._piece(low).startswith(wanted)

    def _piece(self, place: int) -> bytes:
        return bytes(self._pieces[self._starts[place] : self._starts[place + 1]])
