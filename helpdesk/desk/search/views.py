"""Views of what a search suggests."""

from dataclasses import dataclass

from helpdesk.search.scoring import DISTRACTING_BELOW, LIKELY_AT, WORTH_SHOWING_AT


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A search hit with what the desk knows about its use; ``active``: a ticket that is open."""

    kind: str
    id: str
    title: str
    score: float
    repeat: bool
    why: tuple[str, ...]
    snippet: str
    note: str
    active: bool = False

    @property
    def is_likely(self) -> bool:
        """Whether it may be used without the agent having chosen it."""
        return self.score >= LIKELY_AT

    @property
    def is_worth_showing(self) -> bool:
        """Whether it is worth a line where there is little room."""
        return self.score >= WORTH_SHOWING_AT

    @property
    def is_distracting(self) -> bool:
        """Whether it is so unlike what was sought that it only stands in the way."""
        return self.score < DISTRACTING_BELOW


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Hits, best first, and the words the search put in place of unknown ones."""

    hits: tuple[Suggestion, ...]
    corrected: tuple[str, ...]
    ms: float
