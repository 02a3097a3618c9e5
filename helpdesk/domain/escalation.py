"""Support levels, and the rules of handing a ticket from one to another.

Functional escalation goes up (L1 → L2 → L3 → L4); a return goes down.  Neither touches what was
promised to the customer (SLA rule 4): they only move the queue, clear the assignee and start the
new level's own OLA clock.  Hierarchical escalation moves nothing: it asks the lead to step in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
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


class HandOverPart(StrEnum):
    """The fields of a hand-over note."""

    TRIED = "tried"
    KNOWN = "known"
    ASKED = "asked"
    REFERENCES = "references"


_ASK_FOR = {
    HandOverPart.TRIED: "what was tried",
    HandOverPart.KNOWN: "what is known",
    HandOverPart.ASKED: "what is asked",
    HandOverPart.REFERENCES: "attachments or references",
}


@dataclass(frozen=True, slots=True)
class HandOver:
    """What the next tier must know so that nothing is asked or tried twice.

    :ivar references: where more is to be found: articles, tickets, files, addresses.
    """

    tried: str = ""
    known: str = ""
    asked: str = ""
    references: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, field.name).strip() for field in fields(self))

    def part(self, part: HandOverPart) -> str:
        """Return one field."""
        return str(getattr(self, part))


#: Reasons offered in the escalation dialog; own words are as good.
REASONS = (
    "needs knowledge of the next level",
    "needs access rights that this level lacks",
    "known fix did not help",
    "several users are hit",
    "suspected defect",
    "due soon",
)
#: Where hierarchical escalation goes to, and where it comes back from there.
LEAD, TEAM = "lead", "team"
#: A ticket that came back so often is the lead's to look after: ping-pong.
LEAD_AFTER_RETURNS = 3


def require_escalation(
    source: Level,
    target: Level,
    reason: str,
    note: HandOver,
    ref: str,
    required: Iterable[HandOverPart] = (),
) -> None:
    """Refuse an escalation that does not go up, or that hands over without a word.

    :param required: the fields that the policy asks for at the target.
    :raises RefusedError: naming all that is missing.
    """
    if list(Level).index(target) <= list(Level).index(source):
        raise RefusedError(
            f"{ref} is in queue {source}: escalating to {target} does not go up; "
            f"use 'return' to send a ticket down."
        )
    missing = [] if reason.strip() else ["a reason"]
    missing += [_ASK_FOR[part] for part in required if not note.part(part).strip()]
    if not note and not any(required):
        missing.append("a hand-over note (what was tried, what is known, what is asked)")
    if missing:
        raise RefusedError(f"{ref} is not escalated to {target}: add {_listed(missing)}.")


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


def passed_over(ladder: Mapping[Level, Level], source: Level, target: Level) -> tuple[Level, ...]:
    """Return the levels that a ticket would have come to on its way up, but does not.

    :param ladder: to which level each escalates by the policy.
    """
    passed = []
    at = ladder.get(source)
    order = list(Level)
    while at is not None and order.index(at) < order.index(target):
        passed.append(at)
        at = ladder.get(at)
    return tuple(passed)


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
