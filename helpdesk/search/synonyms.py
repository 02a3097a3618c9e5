"""Looking up the synonyms of a query's words."""

import json
from collections.abc import Sequence

#: The name of the note in the index that stores the groups, as JSON.
SYNONYMS = "synonyms"


class Synonyms:
    """Groups of words and phrases that mean the same."""

    def __init__(self, groups: Sequence[Sequence[str]] = ()) -> None:
        self._others: dict[tuple[str, ...], tuple[str, ...]] = {}
        for group in groups:
            for name in group:
                others = tuple(other for other in group if other != name)
                self._others[tuple(name.split())] = others
        self._longest = max((len(name) for name in self._others), default=0)

    @classmethod
    def from_note(cls, note: str) -> "Synonyms":
        """Read the groups from the note of the index; "" means none."""
        return cls(json.loads(note)) if note else cls()

    def of(self, terms: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return the synonyms of each term; those of a phrase are listed at its first word."""
        found: dict[str, tuple[str, ...]] = {}
        for start in range(len(terms)):
            for length in range(min(self._longest, len(terms) - start), 0, -1):
                others = self._others.get(tuple(terms[start : start + length]))
                if others:
                    known = found.get(terms[start], ())
                    found[terms[start]] = tuple(dict.fromkeys((*known, *others)))
        return found
