"""The open periods of one UTC year of a support calendar, indexed for lookups."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class OpenYear:
    """The open periods of one UTC year with running totals.

    :param periods: (start, end) in epoch seconds, in order, without overlaps.
    """

    __slots__ = ("_closes", "_opens", "_sums", "total")

    def __init__(self, periods: Iterable[tuple[int, int]]) -> None:
        self._opens = array("q")
        self._closes = array("q")
        #: The open seconds from the start of the year to the end of each period.
        self._sums = array("q")
        self.total = 0
        for opens, closes in periods:
            self.total += closes - opens
            self._opens.append(opens)
            self._closes.append(closes)
            self._sums.append(self.total)

    def before(self, second: int) -> int:
        """Return the open seconds of the year before ``second``."""
        index = bisect_right(self._opens, second) - 1
        if index < 0:
            return 0
        return self._sums[index] - max(0, self._closes[index] - second)

    def first_after(self, counted: int) -> int:
        """Return the first second that has ``counted`` (1 to total) open seconds before it."""
        index = bisect_left(self._sums, counted)
        return self._closes[index] - (self._sums[index] - counted)

    def last_after(self, counted: int) -> int:
        """Return the last second that has ``counted`` (0 to total - 1) open seconds before it."""
        index = bisect_right(self._sums, counted)
        return self._closes[index] - (self._sums[index] - counted)

    def close_of(self, second: int) -> int | None:
        """Return the end of the open period that contains ``second``; None if it is closed."""
        index = bisect_right(self._opens, second) - 1
        if index >= 0 and second < self._closes[index]:
            return self._closes[index]
        return None

    def next_open(self, second: int) -> int | None:
        """Return the first open second of the year at or after ``second``, or None."""
        index = bisect_right(self._closes, second)
        if index == len(self._opens):
            return None
        return max(self._opens[index], second)
