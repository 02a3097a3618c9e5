"""A span of support hours on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.support_hours.wall_time import DAY_MINUTES, WallTime


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A span that includes ``begins`` and excludes ``ends``; both are local wall times.

    A span whose end is earlier than its beginning crosses midnight (``22:00``-``06:00``) and
    belongs to the day on which it begins.  An end of ``00:00`` is stored as ``24:00``.

    :raises RefusedError: if it begins at ``24:00``, or if both times are equal, which could mean a
        whole day or nothing.
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
        """The end in minutes after the midnight at which the span's day begins (up to 2,879)."""
        crosses_midnight = self.ends < self.begins
        return self.ends.minutes + (DAY_MINUTES if crosses_midnight else 0)

    @property
    def minutes(self) -> int:
        """The length on the wall clock; the support time differs on days when clocks change."""
        return self.end_minutes - self.begins.minutes

    def __str__(self) -> str:
        return f"{self.begins}-{self.ends}"


def require_apart(spans: Sequence[Span]) -> None:
    """Refuse spans of one day that overlap; they may touch.

    :raises RefusedError: with a sentence that begins with the index of the span: ``[1]: …``.
    """
    ordered = sorted(enumerate(spans), key=lambda item: item[1])
    for (_, earlier), (index, later) in pairwise(ordered):
        if later.begins.minutes < earlier.end_minutes:
            raise RefusedError(f"[{index}]: {later} overlaps {earlier}: join them or part them.")
