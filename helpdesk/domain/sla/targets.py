"""The SLA targets: how much support time each clock allows, and what starts and meets it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.sla.clock import ClockName


class NextUpdateFrom(StrEnum):
    """What starts the clock of the next update."""

    FIRST_RESPONSE = "first_response"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class Targets:
    """The support seconds that each clock allows; None: there is no target, and so no clock.

    :ivar next_update_from: what starts the next update: the first public answer, or already the
        receipt of the ticket.
    :ivar has_requester: whether there is somebody to answer.  If not, the first response is met
        as soon as somebody takes the ticket, and the next update waits for an answer.
    :raises RefusedError: if a target is negative or not a whole number.
    """

    first_response_s: int | None = None
    next_update_s: int | None = None
    resolution_s: int | None = None
    next_update_from: NextUpdateFrom = NextUpdateFrom.RECEIVED
    has_requester: bool = True

    def __post_init__(self) -> None:
        for clock in ClockName:
            require_target(self.of(clock), f"{clock}_s")

    def of(self, clock: ClockName) -> int | None:
        """Return the target of a clock in support seconds, or None."""
        seconds: int | None = getattr(self, f"{clock}_s")
        return seconds

    @property
    def effective(self) -> "Targets":
        """The targets without what makes no difference because there is no such clock."""
        updates = self.next_update_s is not None
        return replace(
            self,
            next_update_from=self.next_update_from if updates else NextUpdateFrom.RECEIVED,
            has_requester=self.has_requester or not (updates or self.first_response_s is not None),
        )

    def waits_for_answer(self, clock: ClockName) -> bool:
        """Return whether a clock does not start before the first public answer."""
        starts_late = self.next_update_from is NextUpdateFrom.FIRST_RESPONSE
        return clock is ClockName.NEXT_UPDATE and (starts_late or not self.has_requester)


def require_target(seconds: object, place: str) -> None:
    """Refuse a target that is neither None nor a whole number, 0 or more.

    :param place: where the target is written, for the error sentence.
    :raises RefusedError: naming the place.
    """
    if seconds is None:
        return
    if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds < 0:
        raise RefusedError(
            f"{place}: {seconds!r:.40} is no allowed time: give whole seconds, 0 or more."
        )
