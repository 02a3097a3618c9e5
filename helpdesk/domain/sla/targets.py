"""How much support time each promise allows."""

from dataclasses import dataclass, fields

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.sla.clock import ClockName


@dataclass(frozen=True, slots=True)
class Targets:
    """Seconds of support time per clock; None: nothing is promised, so there is no such clock.

    :raises RefusedError: if one is negative or no whole number.
    """

    first_response_s: int | None = None
    next_update_s: int | None = None
    resolution_s: int | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            require_target(getattr(self, field.name), field.name)

    def of(self, clock: ClockName) -> int | None:
        """Return the seconds that a clock allows."""
        seconds: int | None = getattr(self, f"{clock}_s")
        return seconds


def require_target(seconds: object, place: str) -> None:
    """Refuse what is no allowed time: it must be None or a whole number, 0 or more.

    :raises RefusedError: naming the place.
    """
    if seconds is None:
        return
    if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds < 0:
        raise RefusedError(
            f"{place}: {seconds!r:.40} is no allowed time: give whole seconds, 0 or more."
        )
