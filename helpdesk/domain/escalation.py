"""Support levels, and the rules of handing a ticket from one to another.

Functional escalation goes up (L1 → L2 → L3 → L4); a return goes down.  Neither touches what was
promised to the customer (SLA rule 4): they only move the queue, clear the assignee and start the
new level's own OLA clock.
"""

from dataclasses import dataclass
from enum import StrEnum

from helpdesk.domain.errors import RefusedError


class Level(StrEnum):
    """A support level and its queue: L1 help desk, L2 application support, L3/L4 developers,
    vendors."""

    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    L4 = "L4"

    @property
    def below(self) -> "Level | None":
        """The next lower level, or None for L1."""
        place = list(Level).index(self)
        return list(Level)[place - 1] if place else None


@dataclass(frozen=True, slots=True)
class HandOver:
    """What the next tier must know so that nothing is asked or tried twice."""

    tried: str = ""
    known: str = ""
    asked: str = ""

    def __bool__(self) -> bool:
        return any(part.strip() for part in (self.tried, self.known, self.asked))


#: Reasons offered in the escalation dialog; own words are as good.
REASONS = (
    "needs knowledge of the next level",
    "needs access rights that this level lacks",
    "known fix did not help",
    "several users are hit",
    "suspected defect",
    "due soon",
)


def require_escalation(source: Level, target: Level, reason: str, note: HandOver, ref: str) -> None:
    """Refuse an escalation that does not go up, or that hands over without a word.

    :raises RefusedError: naming what is missing.
    """
    if list(Level).index(target) <= list(Level).index(source):
        raise RefusedError(
            f"{ref} is in queue {source}: escalating to {target} does not go up; "
            f"use 'return' to send a ticket down."
        )
    missing = [] if reason.strip() else ["a reason"]
    if not note:
        missing.append("a hand-over note (what was tried, what is known, what is asked)")
    if missing:
        raise RefusedError(f"{ref} is not escalated to {target}: add {' and '.join(missing)}.")


def require_return(source: Level, target: Level, reason: str, ref: str) -> None:
    """Refuse a return that does not go down, or that comes back without a word.

    :raises RefusedError: naming what is missing.
    """
    if list(Level).index(target) >= list(Level).index(source):
        raise RefusedError(
            f"{ref} is in queue {source}: returning to {target} does not go down; "
            f"use 'escalate' to send a ticket up."
        )
    if not reason.strip():
        raise RefusedError(f"{ref} is not returned to {target}: add a reason.")
