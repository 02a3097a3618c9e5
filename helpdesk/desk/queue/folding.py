"""Fold duplicates under the ticket that they follow: one row for one issue, however many called.

The row is that of the followed ticket.  It stands where the most urgent of them is due, and has the
clock of that one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.domain.escalation import Level
from helpdesk.store.ticket import folding

#: More duplicates than this are not folded, as a database takes only so many numbers at once.
_MAX_FOLDED = 20_000


@dataclass(frozen=True, slots=True)
class Folds:
    """The groups of a list.

    :ivar members: the duplicates of each followed ticket, the one that is due first first.
    :ivar followed: the followed ticket, by the member at whose place the group stands.
    :ivar hidden: the tickets without a row of their own, as all but one of each group.
    :ivar urgent: the member of each group that is due first, by the followed ticket.
    """

    members: Mapping[int, tuple[int, ...]]
    followed: Mapping[int, int]
    hidden: tuple[int, ...]
    urgent: Mapping[int, int]

    def at_followed(self) -> "Folds":
        """Return the same groups, each standing where its followed ticket stands.

        This is for lists that are not sorted by due time.
        """
        duplicates = {number for numbers in self.members.values() for number in numbers}
        return Folds(
            self.members, {of: of for of in self.members}, tuple(sorted(duplicates)), self.urgent
        )

    def first_of(self, number: int) -> int:
        """Return the ticket of the same group at whose place the group's row stands."""
        for first, followed in self.followed.items():
            if number in (followed, *self.members[followed]):
                return first
        return number


NO_FOLDS = Folds({}, {}, (), {})


def read(session: Session, queue: Level | None = None, assignee_id: int | None = None) -> Folds:
    """Return the groups of a queue, of each queue by itself, or of an agent's own tickets.

    A duplicate is folded only under a ticket of the same list.
    """
    return group(folding.pairs(session, queue, assignee_id))


def group(pairs: Sequence[Sequence[Any]]) -> Folds:
    """Group pairs of (duplicate, its due rank, followed ticket, its due rank).

    A duplicate of a ticket that is itself folded has a row of its own, so that groups have one
    level; one that follows several tickets is folded under the newest of them.
    """
    if len(pairs) > _MAX_FOLDED:
        return NO_FOLDS
    duplicates = {pair[0] for pair in pairs}
    ranks: dict[int, int] = {}
    leading: dict[int, int] = {}
    for number, rank, other, other_rank in pairs:
        if other not in duplicates:
            ranks[number], ranks[other] = rank, other_rank
            leading[number] = max(other, leading.get(number, 0))
    groups: dict[int, list[int]] = {}
    for number, other in leading.items():
        groups.setdefault(other, []).append(number)

    def by_due(numbers: Iterable[int]) -> list[int]:
        return sorted(numbers, key=lambda number: (ranks[number], number))

    followed = {by_due([other, *numbers])[0]: other for other, numbers in groups.items()}
    hidden = {*leading, *groups} - set(followed)
    members = {other: tuple(by_due(numbers)) for other, numbers in groups.items()}
    urgent = {other: first for first, other in followed.items()}
    return Folds(members, followed, tuple(sorted(hidden)), urgent)
