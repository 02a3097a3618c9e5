"""A local time of day."""

import re
from dataclasses import dataclass

from helpdesk.domain.errors import RefusedError

DAY_MINUTES = 24 * 60

_WALL_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00)?")


@dataclass(frozen=True, slots=True, order=True)
class WallTime:
    """A local time of day in minutes since midnight, from 0 (``00:00``) to 1440 (``24:00``).

    :raises RefusedError: if it is outside that range.
    """

    minutes: int

    def __post_init__(self) -> None:
        if not 0 <= self.minutes <= DAY_MINUTES:
            raise RefusedError(
                f"{_clock_text(self.minutes)} is no time of day: use 00:00 to 24:00."
            )

    @classmethod
    def parse(cls, text: object) -> "WallTime":
        """Parse ``09:00`` or ``24:00``; seconds are accepted if they are zero (``09:00:00``).

        :raises RefusedError: if it is not such a text.
        """
        found = _WALL_TIME.fullmatch(text) if isinstance(text, str) else None
        if found is None or int(found[2]) > 59:
            raise RefusedError(f"{text!r:.40} is no time of day: write it as HH:MM, like 09:00.")
        return cls(int(found[1]) * 60 + int(found[2]))

    def __str__(self) -> str:
        return _clock_text(self.minutes)


def _clock_text(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
