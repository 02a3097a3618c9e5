"""The support levels that tickets visited, and those that escalated them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import Level

_NONE: frozenset[Level] = frozenset()

#: The levels that a ticket visited, and those from which it was escalated.
Levels = tuple[frozenset[Level], frozenset[Level]]


def levels_of(moves: Iterable[tuple[EntryType, str, str]], queue: str) -> Levels:
    """Return the levels of a ticket by its hand-overs (type, from, to), oldest first.

    :param queue: the level that it has now, which it always had if it was never handed over.
    """
    visited, escalated = _NONE, _NONE
    for entry, source, target in moves:
        visited |= {Level(source), Level(target)}
        if entry is EntryType.ESCALATED:
            escalated |= {Level(source)}
    return visited or frozenset({Level(queue)}), escalated


class LevelsVisited:
    """The levels of many tickets; those who took the same way share the sets."""

    def __init__(self, moves: Mapping[int, Sequence[Any]]) -> None:
        """Read rows of ``report_facts.hand_overs`` by ticket."""
        self._moves = moves
        self._known: dict[tuple[Any, ...], Levels] = {}

    def of(self, number: int, queue: str) -> Levels:
        """Return the levels of a ticket, which is in this queue now."""
        way = (queue, *(tuple(row[3:6]) for row in self._moves.get(number, ())))
        if way not in self._known:
            self._known[way] = levels_of((row[3:6] for row in self._moves.get(number, ())), queue)
        return self._known[way]
