"""Looking a query's words up under their synonyms."""

import json
from collections.abc import Sequence

#: The note of the index that holds the groups.
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
        """Read what the index keeps."""
        return cls(json.loads(note)) if note else cls()

    def of(self, terms: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return the synonyms of each term; those of a phrase belong to its first word."""
        found: dict[str, tuple[str, ...]] = {}
        for start in range(len(terms)):
            for length in range(min(self._longest, len(terms) - start), 0, -1):
                others = self._others.get(tuple(terms[start : start + length]))
                if others:
                    known = found.get(terms[start], ())
                    found[terms[start]] = tuple(dict.fromkeys((*known, *others)))
        return found
