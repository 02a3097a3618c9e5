"""KPIs: a value that is measured for each ticket, and how these values become one figure."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum
from math import ceil
from statistics import median

from helpdesk.report.facts import Cohort, TicketFacts


class Unit(StrEnum):
    """The unit of a figure."""

    TICKETS = "tickets"
    SECONDS = "seconds"
    SHARE = "share"
    """from 0 to 1"""
    NUMBER = "number"


class Summary(Enum):
    """How the tickets' values become one figure; values of None are left out."""

    COUNT = "the number of true values"
    SHARE = "the share of true values"
    RATE = "the number of true values divided by the number of false ones"
    MEAN = "the mean"
    MEDIAN = "the median; of an even number of values, the mean of the middle two"
    P90 = "the 90th percentile (nearest rank)"

    @property
    def needs_all(self) -> bool:
        """Whether all values are needed, not only their number and sum."""
        return self in (Summary.MEDIAN, Summary.P90)


#: Returns the value of one ticket: a truth value, a number, or None if it does not apply.
Measure = Callable[[TicketFacts], int | None]


@dataclass(frozen=True, slots=True)
class Kpi:
    """A key performance indicator.

    :ivar name: the name for programs; ``title`` is the one for people.
    :ivar cohort: the tickets from which it is computed.
    :ivar place: its position in a report, smaller numbers first.
    :ivar more_is_better: whether a larger value is better; None if neither is.
    """

    name: str
    title: str
    unit: Unit
    cohort: Cohort
    measure: Measure
    summary: Summary
    place: int
    more_is_better: bool | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A KPI's value for one group of tickets; None if no ticket has a value.

    :ivar of: the number of values; of a rate, the number of false ones.
    """

    kpi: Kpi
    value: float | None
    of: int


class Tally:
    """Adds up the values of one measure for one group of tickets."""

    def __init__(self, *, keep_all: bool) -> None:
        self.count = 0
        self.sum = 0
        self._all = array("q") if keep_all else None

    def add(self, value: int) -> None:
        """Add the value of a ticket."""
        self.count += 1
        self.sum += value
        if self._all is not None:
            self._all.append(value)

    def figure(self, kpi: Kpi) -> Figure:
        """Return the KPI's value."""
        base = self.count - self.sum if kpi.summary is Summary.RATE else self.count
        return Figure(kpi, self._value(kpi.summary, base), base)

    def _value(self, summary: Summary, base: int) -> float | None:
        if summary is Summary.COUNT:
            return float(self.sum)
        if not base:
            return None
        if summary is Summary.MEDIAN and self._all is not None:
            return float(median(self._all))
        if summary is Summary.P90 and self._all is not None:
            return float(sorted(self._all)[ceil(0.9 * base) - 1])
        return self.sum / base
