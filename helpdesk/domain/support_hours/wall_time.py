"""A local time of day."""

import re
from dataclasses import dataclass

from helpdesk.domain.errors import RefusedError

DAY_MINUTES = 24 * 60
_LAST_SECOND = 59

_WALL_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")


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
        minutes, seconds = _minutes_and_seconds(text)
        if seconds:
            raise RefusedError(
                f"{text!r:.40} has seconds, which support hours have not: write HH:MM, like 09:00."
            )
        return cls(minutes)

    @classmethod
    def parse_end(cls, text: object) -> "WallTime":
        """Parse the end of a span, as :meth:`parse` does.

        Other programs write the last second of a span instead of its end: ``23:59:59`` is
        ``24:00``, ``17:29:59`` is ``17:30``.

        :raises RefusedError: as :meth:`parse`.
        """
        minutes, seconds = _minutes_and_seconds(text)
        return cls(minutes + 1) if seconds == _LAST_SECOND else cls.parse(text)

    def __str__(self) -> str:
        return _clock_text(self.minutes)


def _minutes_and_seconds(text: object) -> tuple[int, int]:
    found = _WALL_TIME.fullmatch(text) if isinstance(text, str) else None
    if found is None or int(found[2]) > _LAST_SECOND or int(found[3] or 0) > _LAST_SECOND:
        raise RefusedError(f"{text!r:.40} is no time of day: write it as HH:MM, like 09:00.")
    return int(found[1]) * 60 + int(found[2]), int(found[3] or 0)


def _clock_text(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
