"""Views of hand-overs to another level."""

from dataclasses import dataclass

from helpdesk.desk.people.views import LevelView
from helpdesk.domain.escalation import HandOver, Level


@dataclass(frozen=True, slots=True)
class HandOverTarget:
    """A level to which a ticket can be escalated.

    ``skipped`` are the levels that it passes over then; ``bought``: the customer's contract has it.
    """

    level: LevelView
    skipped: tuple[Level, ...]
    bought: bool


@dataclass(frozen=True, slots=True)
class HandOverDraft:
    """The escalation dialog's contents before anybody typed: taken from the timeline.

    ``targets`` begins with the level to which the policy leads.
    """

    targets: tuple[HandOverTarget, ...]
    reasons: tuple[str, ...]
    note: HandOver
