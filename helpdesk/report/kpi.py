"""What a KPI is: a question to each ticket of a cohort, and how the answers become one figure."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum
from math import ceil
from statistics import median

from helpdesk.report.facts import Cohort, Fact


class Unit(StrEnum):
    """In what a figure is counted."""

    TICKETS = "tickets"
    SECONDS = "seconds"
    SHARE = "share"
    """0 to 1"""
    NUMBER = "number"


class Summary(Enum):
    """How the answers become one figure; answers of None are left out."""

    COUNT = "how many said yes"
    SHARE = "how many said yes, of all who answered"
    RATE = "how many said yes, for each who said no"
    MEAN = "the mean"
    MEDIAN = "the median; of an even number, the mean of the middle two"
    P90 = "the smallest answer that is not below nine tenths of all (nearest rank)"

    @property
    def needs_all(self) -> bool:
        """Whether the single answers are needed, not only their number and sum."""
        return self in (Summary.MEDIAN, Summary.P90)


#: The answer of one ticket: yes or no, a number, or None where the question makes no sense.
Measure = Callable[[Fact], int | None]


@dataclass(frozen=True, slots=True)
class Kpi:
    """A key performance indicator.

    :ivar name: in reports for programs; ``title`` is for people.
    :ivar place: where it stands in a report; smaller first.
    :ivar more_is_better: None where neither is.
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
    """A KPI's value for one group of tickets; None: no ticket answered.

    :ivar of: how many answered; of a rate, how many said no.
    """

    kpi: Kpi
    value: float | None
    of: int


class Tally:
    """The answers to one question by one group of tickets, taken one by one."""

    def __init__(self, *, keep_all: bool) -> None:
        self.count = 0
        self.sum = 0
        self._all = array("q") if keep_all else None

    def add(self, answer: int) -> None:
        """Take an answer."""
        self.count += 1
        self.sum += answer
        if self._all is not None:
            self._all.append(answer)

    def figure(self, kpi: Kpi) -> Figure:
        """Return the KPI's value."""
        asked = self.count - self.sum if kpi.summary is Summary.RATE else self.count
        return Figure(kpi, self._value(kpi.summary, asked), asked)

    def _value(self, summary: Summary, asked: int) -> float | None:
        if summary is Summary.COUNT:
            return float(self.sum)
        if not asked:
            return None
        if summary is Summary.MEDIAN and self._all is not None:
            return float(median(self._all))
        if summary is Summary.P90 and self._all is not None:
            return float(sorted(self._all)[ceil(0.9 * asked) - 1])
        return self.sum / asked
