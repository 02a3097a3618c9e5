"""KPIs: a value that is measured for each ticket, and how these values become one figure."""

from array import array
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from math import ceil
from statistics import median
from typing import Any

from helpdesk.report.facts import Cohort, LeftOut


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


#: Returns the value of one fact of the cohort: a truth value, a number, why it is left out, or None
#: if it has nothing to do with the KPI.
Measure = Callable[[Any], int | LeftOut | None]


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
    :ivar left_out: how many were left out, by the reason.
    """

    kpi: Kpi
    value: float | None
    of: int
    left_out: Mapping[LeftOut, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Values:
    """The values of one measure for one group of tickets, and how many were left out and why."""

    counted: "array[int]"
    left_out: Counter[LeftOut]

    def figure(self, kpi: Kpi) -> Figure:
        """Return the KPI's value."""
        count = len(self.counted)
        base = count - sum(self.counted) if kpi.summary is Summary.RATE else count
        return Figure(kpi, self._value(kpi.summary, base), base, dict(self.left_out))

    def _value(self, summary: Summary, base: int) -> float | None:
        if summary is Summary.COUNT:
            return float(sum(self.counted))
        if not base:
            return None
        if summary is Summary.MEDIAN:
            return float(median(self.counted))
        if summary is Summary.P90:
            return float(sorted(self.counted)[ceil(0.9 * base) - 1])
        return sum(self.counted) / base
