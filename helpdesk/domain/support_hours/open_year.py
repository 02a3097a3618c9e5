"""One UTC year of a support calendar, ready for lookups."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class OpenYear:
    """The open periods of one UTC year: sorted, apart, in epoch seconds, with running sums."""

    __slots__ = ("_closes", "_opens", "_sums", "total")

    def __init__(self, periods: Iterable[tuple[int, int]]) -> None:
        self._opens = array("q")
        self._closes = array("q")
        #: Open seconds from the beginning of the year to each close.
        self._sums = array("q")
        self.total = 0
        for opens, closes in periods:
            self.total += closes - opens
            self._opens.append(opens)
            self._closes.append(closes)
            self._sums.append(self.total)

    def before(self, second: int) -> int:
        """Return the open seconds of the year before ``second``."""
        place = bisect_right(self._opens, second) - 1
        if place < 0:
            return 0
        return self._sums[place] - max(0, self._closes[place] - second)

    def first_after(self, counted: int) -> int:
        """Return the first second before which ``counted`` (1 to total) open seconds lie."""
        place = bisect_left(self._sums, counted)
        return self._closes[place] - (self._sums[place] - counted)

    def last_after(self, counted: int) -> int:
        """Return the last second before which ``counted`` (0 to total - 1) open seconds lie."""
        place = bisect_right(self._sums, counted)
        return self._closes[place] - (self._sums[place] - counted)

    def close_of(self, second: int) -> int | None:
        """Return the end of the period that holds ``second``, or None if it is closed."""
        place = bisect_right(self._opens, second) - 1
        if place >= 0 and second < self._closes[place]:
            return self._closes[place]
        return None

    def next_open(self, second: int) -> int | None:
        """Return the first open second of the year from ``second`` on, or None."""
        place = bisect_right(self._closes, second)
        if place == len(self._opens):
            return None
        return max(self._opens[place], second)
