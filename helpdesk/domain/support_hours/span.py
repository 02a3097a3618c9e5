"""A stretch of support hours on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.support_hours.wall_time import DAY_MINUTES, WallTime


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open from ``begins`` up to, and without, ``ends``; both in local wall time.

    A span that ends before the time it begins runs over midnight (``22:00``-``06:00``) and
    belongs to the day on which it begins.  An end of ``00:00`` is kept as ``24:00``.  Beginning
    and end may not be the same: that could mean a whole day or nothing.
    """

    begins: WallTime
    ends: WallTime

    def __post_init__(self) -> None:
        if self.begins == self.ends:
            raise RefusedError(
                f"{self} begins and ends at the same time: "
                "leave it out if closed, write 00:00-24:00 for a whole day."
            )
        if self.begins.minutes == DAY_MINUTES:
            raise RefusedError(f"{self} begins at 24:00: put it on the next day as 00:00.")
        if self.ends.minutes == 0:
            object.__setattr__(self, "ends", WallTime(DAY_MINUTES))

    @property
    def end_minutes(self) -> int:
        """The end in minutes after the midnight that begins the span's day (up to 2,879)."""
        over_midnight = self.ends < self.begins
        return self.ends.minutes + (DAY_MINUTES if over_midnight else 0)

    @property
    def minutes(self) -> int:
        """How long it is on the wall clock; on days when clocks change, support time differs."""
        return self.end_minutes - self.begins.minutes

    def __str__(self) -> str:
        return f"{self.begins}-{self.ends}"


def require_apart(spans: Sequence[Span]) -> None:
    """Refuse spans of one day that overlap; touching is fine.

    :raises RefusedError: beginning with the place, ``[1]: …``.
    """
    placed = sorted(enumerate(spans), key=lambda item: item[1])
    for (_, earlier), (place, later) in pairwise(placed):
        if later.begins.minutes < earlier.end_minutes:
            raise RefusedError(f"[{place}]: {later} overlaps {earlier}: join them or part them.")
