"""Tables that translate the words of another program into ours."""

import re
from collections.abc import Mapping

#: How many translated words are remembered, so that memory does not grow with the file.
_REMEMBERED = 20_000


class WordTable:
    """Our words by those of the other program, in any case.

    A ``*`` in a word stands for any text, so ``"V5 *"`` is every word that begins so.  A word that
    is written out wins over one with a ``*``, and a longer one over a shorter one.  ``"*"`` alone
    is every word that the table does not name.
    """

    def __init__(self, table: Mapping[str, str]) -> None:
        self._exact = {word.casefold(): ours for word, ours in table.items()}
        wild = sorted(
            (word for word in self._exact if "*" in word), key=lambda word: (-len(word), word)
        )
        self._wild = [(_pattern(word), self._exact[word]) for word in wild]
        self._found: dict[str, str] = {}

    def find(self, text: str) -> str:
        """Return our word for a text; "" if the table has none."""
        found = self._found.get(text)
        if found is None:
            found = self._look_up(text.casefold())
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            self._found[text] = found
        return found

    def knows(self, text: str) -> bool:
        """Whether the table names a text, with our word or with none for it."""
        folded = text.casefold()
        return folded in self._exact or any(pattern.fullmatch(folded) for pattern, _ in self._wild)

    def ours(self) -> frozenset[str]:
        """Return all our words in the table."""
        return frozenset(self._exact.values())

    def _look_up(self, text: str) -> str:
        if text in self._exact and "*" not in text:
            return self._exact[text]
        return next((ours for pattern, ours in self._wild if pattern.fullmatch(text)), "")


def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, word.split("*"))), re.DOTALL)


NO_WORDS = WordTable({})
