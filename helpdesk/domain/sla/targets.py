"""The SLA targets: how much support time each clock allows."""

from dataclasses import dataclass, fields

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.sla.clock import ClockName


@dataclass(frozen=True, slots=True)
class Targets:
    """The support seconds that each clock allows; None: there is no target, and so no clock.

    :raises RefusedError: if a target is negative or not a whole number.
    """

    first_response_s: int | None = None
    next_update_s: int | None = None
    resolution_s: int | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            require_target(getattr(self, field.name), field.name)

    def of(self, clock: ClockName) -> int | None:
        """Return the target of a clock in support seconds, or None."""
        seconds: int | None = getattr(self, f"{clock}_s")
        return seconds


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
