"""What endangers the work on this desk now: said by every command and by the app."""

from dataclasses import dataclass

from helpdesk.desk.session import Desk
from helpdesk.domain.roles import Right


@dataclass(frozen=True, slots=True)
class Hazard:
    """Something that people must know while they work.

    :ivar word: a word or two for the first line of the app; "" if it needs none.
    :ivar sentence: what is wrong, where, and what to do.
    """

    word: str
    sentence: str


def hazards(desk: Desk) -> tuple[Hazard, ...]:
    """Return what endangers the work on this desk now, the worst last."""
    desk.require(Right.READ)
    database = desk.database
    found = (
        Hazard("", database.backend.storage_warning()),
        Hazard("clock behind", database.clock.problem()),
        Hazard("read-only", database.read_only),
    )
    return tuple(hazard for hazard in found if hazard.sentence)
