"""Support levels, and the rules for handing a ticket from one level to another.

Functional escalation goes up (L1 → L2 → L3 → L4); a return goes down.  Neither affects the
customer's SLA targets (SLA rule 4): they only change the queue, clear the assignee and start the
new level's OLA clock.  Hierarchical escalation does not move the ticket: it asks the lead to step
in.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.ticket import Kind


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
        index = list(Level).index(self)
        return list(Level)[index - 1] if index else None


def queue_of_new(kind: Kind | None, levels: Sequence[Level]) -> Level:
    """Return the queue of a new ticket if no other is named.

    A problem or a change stays with the level of the agent who logs it: nobody called about it.

    :param levels: the levels that this agent serves, lowest first.
    """
    return levels[0] if levels and kind in (Kind.PROBLEM, Kind.CHANGE) else Level.L1


def logged_in(data: Mapping[str, Any]) -> Level:
    """Return the queue in which a ticket was logged, from the data of its entry ``logged``."""
    return Level(data.get("queue", Level.L1))


class HandOverPart(StrEnum):
    """The fields of a hand-over note."""

    TRIED = "tried"
    KNOWN = "known"
    ASKED = "asked"
    REFERENCES = "references"


#: What is missing, with the option of ``ticket escalate`` that gives it.
_ASK_FOR = {
    HandOverPart.TRIED: "what was tried (--tried)",
    HandOverPart.KNOWN: "what is known (--known)",
    HandOverPart.ASKED: "what is asked (--note)",
    HandOverPart.REFERENCES: "attachments or references (--references)",
}
_A_REASON = "a reason (--reason)"
#: The beginning of a part in a text: at the head of a line, or behind a semicolon.
_LABEL = re.compile(
    r"(?:^|[;\n])[ \t]*(?:what (?:was|is) )?"
    r"(tried|known|asked|references|reference|refs|attachments)[ \t]*:",
    re.IGNORECASE,
)
_OTHER_LABELS = dict.fromkeys(("reference", "refs", "attachments"), HandOverPart.REFERENCES.value)


@dataclass(frozen=True, slots=True)
class HandOver:
    """A hand-over note: what the next level must know so that nothing is asked or tried twice.

    It is false if all its fields are blank.

    :ivar tried: what was tried.
    :ivar known: what is known.
    :ivar asked: what is asked of the next level.
    :ivar references: where to find more: articles, tickets, files, addresses.
    """

    tried: str = ""
    known: str = ""
    asked: str = ""
    references: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, field.name).strip() for field in fields(self))

    def part(self, part: HandOverPart) -> str:
        """Return the text of one field."""
        return str(getattr(self, part))

    @classmethod
    def of_text(cls, text: str) -> "HandOver":
        """Return the note that stands in one text: ``known: since noon; asked: the logs``.

        What stands before the first part that is named is what is asked.
        """
        labels = list(_LABEL.finditer(text))
        if not labels:
            return cls(asked=text)
        found: dict[str, list[str]] = {part.value: [] for part in HandOverPart}
        found[HandOverPart.ASKED].append(text[: labels[0].start()].strip())
        for label, following in zip(labels, [*labels[1:], None], strict=True):
            name = label[1].lower()
            end = len(text) if following is None else following.start()
            found[_OTHER_LABELS.get(name, name)].append(text[label.end() : end].strip())
        return cls(**{name: "\n".join(filter(None, texts)) for name, texts in found.items()})

    def joined(self, other: "HandOver") -> "HandOver":
        """Return a note with the texts of both, those of the other one below."""
        return HandOver(
            **{
                part.value: "\n".join(filter(str.strip, (self.part(part), other.part(part))))
                for part in HandOverPart
            }
        )


#: Reasons offered in the escalation dialog; any other text is accepted too.
REASONS = (
    "needs knowledge of the next level",
    "needs access rights that this level lacks",
    "known fix did not help",
    "several users are hit",
    "suspected defect",
    "due soon",
)
#: The targets of hierarchical escalation: to the lead, and back to the team.
LEAD, TEAM = "lead", "team"
#: A ticket that was returned this often ("ping-pong") is escalated to the lead.
LEAD_AFTER_RETURNS = 3


def require_escalation(
    source: Level,
    target: Level,
    reason: str,
    note: HandOver,
    ref: str,
    required: Iterable[HandOverPart] = (),
) -> None:
    """Refuse an escalation that does not go up, or that lacks a reason or a hand-over note.

    :param ref: the ticket's reference (``HD-12``), for the error sentence.
    :param required: the fields of the note that the policy requires at the target level; without
        any, one field of the note is enough.
    :raises RefusedError: naming everything that is missing.
    """
    if list(Level).index(target) <= list(Level).index(source):
        raise RefusedError(
            f"{ref} is in queue {source}: escalating to {target} does not go up; "
            f"use 'return' to send a ticket down."
        )
    missing = [] if reason.strip() else [_A_REASON]
    missing += [_ASK_FOR[part] for part in required if not note.part(part).strip()]
    if not note and not any(required):
        missing.append(
            "a hand-over note: what was tried (--tried), what is known (--known) or what is asked "
            "(--note)"
        )
    if missing:
        raise RefusedError(f"{ref} is not escalated to {target}: add {_enumeration(missing)}.")


def require_return(source: Level, target: Level, reason: str, ref: str) -> None:
    """Refuse a return that does not go down, or that has no reason.

    :param ref: the ticket's reference (``HD-12``), for the error sentence.
    :raises RefusedError: naming what is missing.
    """
    if list(Level).index(target) >= list(Level).index(source):
        raise RefusedError(
            f"{ref} is in queue {source}: returning to {target} does not go down; "
            f"use 'escalate' to send a ticket up."
        )
    if not reason.strip():
        raise RefusedError(f"{ref} is not returned to {target}: add {_A_REASON}.")


def skipped_levels(
    ladder: Mapping[Level, Level], source: Level, target: Level
) -> tuple[Level, ...]:
    """Return the levels of the escalation path that an escalation to ``target`` skips.

    :param ladder: the level to which each level escalates by the policy.
    """
    skipped = []
    level = ladder.get(source)
    order = list(Level)
    while level is not None and order.index(level) < order.index(target):
        skipped.append(level)
        level = ladder.get(level)
    return tuple(skipped)


def _enumeration(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
