"""Views of hand-overs to another level."""

from dataclasses import dataclass

from helpdesk.desk.people.views import LevelView
from helpdesk.domain.escalation import HandOver, Level


@dataclass(frozen=True, slots=True)
class HandOverTarget:
    """A level to which a ticket can be escalated.

    :ivar skipped: the levels between the ticket's level and this one that the ticket would skip.
    :ivar bought: whether the customer's contract includes the level.
    """

    level: LevelView
    skipped: tuple[Level, ...]
    bought: bool


@dataclass(frozen=True, slots=True)
class HandOverDraft:
    """The initial contents of the escalation dialog, taken from the timeline.

    :ivar targets: the higher levels; the next level of the policy comes first.
    """

    targets: tuple[HandOverTarget, ...]
    reasons: tuple[str, ...]
    note: HandOver
