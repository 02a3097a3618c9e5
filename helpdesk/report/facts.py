"""The facts from which KPIs are computed, and the cohorts of what is counted."""

from dataclasses import dataclass
from enum import Enum, StrEnum

from helpdesk.domain.escalation import Level
from helpdesk.domain.sla.clock import ClockName


class Cohort(Enum):
    """What a KPI counts, given a period ``[start, end)``.

    Everything is counted as it stood at the end of the period, or now if that is earlier: what
    happens later does not change the figures of a period that is over.
    """

    LOGGED = "logged"
    """tickets received in the period"""
    ANSWERED = "answered"
    """tickets whose first answer was in the period"""
    RESOLVED = "resolved"
    """tickets that are resolved and whose last resolution was in the period"""
    RATED = "rated"
    """ratings given in the period; of one ticket the last"""
    OUTCOMES = "outcomes"
    """every resolution and every reopening in the period; ``reopened`` tells them apart"""
    FIRST_RESPONSES = "first responses"
    """first responses that were due in the period"""
    NEXT_UPDATES = "next updates"
    """next updates that were due in the period"""
    RESOLUTIONS = "resolutions"
    """resolutions that were due in the period"""
    BREACHES = "breaches"
    """clocks that became overdue in the period"""
    BACKLOG = "backlog"
    """tickets received before the period's end and not resolved by then"""

    # Members are looked up for each thing that counts: the hash of an enum's member is slow.
    __hash__ = object.__hash__

    @property
    def whose(self) -> str:
        """At which moment level, agent, customer and so on are those that count, in words."""
        return _WHOSE.get(self, "when its clock was met or overdue")

    @property
    def clock(self) -> ClockName | None:
        """The clock whose due times it counts; None if it counts something else."""
        return CLOCK_COHORTS.get(self)


_WHOSE = {
    Cohort.LOGGED: "when it was logged, by whom",
    Cohort.ANSWERED: "when it was answered",
    Cohort.RESOLVED: "when it was resolved",
    Cohort.RATED: "when it was rated",
    Cohort.OUTCOMES: "when it was resolved or reopened",
    Cohort.BREACHES: "when it became overdue",
    Cohort.BACKLOG: "at the end of the period",
}
CLOCK_COHORTS = {
    Cohort.FIRST_RESPONSES: ClockName.FIRST_RESPONSE,
    Cohort.NEXT_UPDATES: ClockName.NEXT_UPDATE,
    Cohort.RESOLUTIONS: ClockName.RESOLUTION,
}


class LeftOut(StrEnum):
    """Why a figure leaves out what it could have counted."""

    PAUSED = "paused"
    LATER = "due later"
    NO_TARGET = "without a target"
    NOT_ANSWERED = "never answered"
    DUPLICATE = "following another ticket"


@dataclass(frozen=True, slots=True)
class ClockFact:
    """One SLA clock, as it was met or as it stood.  Times are seconds since 1970 (UTC).

    :ivar due_at: its last due time; of a met clock, as it stood when it was met; None while paused.
    :ivar elapsed_s: the support time used, in seconds.
    :ivar met_at: when it was met; None if it was not met.
    :ivar breached_at: when it became overdue; None if it never was.
    """

    due_at: int | None
    elapsed_s: int
    met_at: int | None
    breached_at: int | None


@dataclass(frozen=True, slots=True)
class DueClock:
    """A clock that counts in a period, or that is left out.

    :ivar late: whether it was ever overdue.
    :ivar left_out: why it does not count; None if it does.
    """

    name: ClockName
    late: bool = False
    left_out: LeftOut | None = None


@dataclass(slots=True)
class TicketFacts:
    """The facts about one ticket as it stood.  Times are seconds since 1970 (UTC).

    :ivar as_of: the period's end, or the present if that is earlier.
    :ivar visited: the levels whose queues it was in.
    :ivar escalated_from: the levels from which it was handed to a higher one.
    :ivar from_knowledge: whether an article of the knowledge base answered it.
    :ivar duplicate: whether it was resolved together with another ticket about the same issue.
    :ivar merged: whether it ended by being merged into another, which answers nobody.
    :ivar reopened: in ``Cohort.OUTCOMES``, whether the outcome is a reopening.
    """

    number: int
    created_at: int
    resolved_at: int | None
    as_of: int
    hand_overs: int
    reopenings: int
    clocks: tuple[ClockFact | None, ...]
    from_knowledge: bool
    duplicate: bool
    visited: frozenset[Level]
    escalated_from: frozenset[Level]
    merged: bool = False
    reopened: bool = False

    @property
    def first_response(self) -> ClockFact | None:
        """The clock of the first response; None without one."""
        return self.clocks[0]

    @property
    def resolution(self) -> ClockFact | None:
        """The clock of the resolution; None without one."""
        return self.clocks[2]


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating by a requester, 1 to 5."""

    csat: int


#: What a KPI measures; which of these, depends on its cohort.
Fact = TicketFacts | DueClock | Rating
