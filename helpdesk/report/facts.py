"""The facts about a ticket from which KPIs are computed, and the cohorts of tickets."""

from dataclasses import dataclass
from enum import Enum

from helpdesk.domain.escalation import Level


class Cohort(Enum):
    """Which tickets a KPI is computed from, given a period ``[start, end)``."""

    LOGGED = "logged"
    """tickets received in the period"""
    RESOLVED = "resolved"
    """tickets that are resolved or closed now and whose last resolution was in the period; merged
    tickets were not resolved"""
    OUTCOMES = "outcomes"
    """every resolution and every reopening in the period; ``reopened`` tells them apart"""
    BACKLOG = "backlog"
    """tickets received before the period's end and not resolved by then"""


@dataclass(frozen=True, slots=True)
class ClockFact:
    """One SLA clock, as it was met or as it is now.

    :ivar elapsed_s: the support time used, in seconds.
    :ivar met_at: when it was met, in seconds since 1970; None if it was not met.
    :ivar breached: whether it was ever overdue.
    """

    elapsed_s: int
    met_at: int | None
    breached: bool


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """The facts about one ticket.  Times are seconds since 1970 (UTC).

    :ivar groups: its value of each field of ``ticket_fields.GROUPED``.  Queue and assignee are the
        current ones; of a finished ticket, those that finished it.  Service, customer and assignee
        are row numbers or None.
    :ivar as_of: the period's end, or the present if that is earlier.
    :ivar visited: the levels whose queues it was in.
    :ivar escalated_from: the levels from which it was handed to a higher one.
    :ivar from_knowledge: whether an article of the knowledge base answered it.
    :ivar duplicate: whether it was resolved together with another ticket about the same issue.
    :ivar csat: the requester's satisfaction, 1 to 5; None if it is not known.
    :ivar reopened: in ``Cohort.OUTCOMES``, whether the outcome is a reopening.
    """

    number: int
    groups: tuple[object, ...]
    created_at: int
    resolved_at: int | None
    as_of: int
    hand_overs: int
    csat: int | None
    reopenings: int = 0
    first_response: ClockFact | None = None
    next_update: ClockFact | None = None
    resolution: ClockFact | None = None
    from_knowledge: bool = False
    duplicate: bool = False
    visited: frozenset[Level] = frozenset()
    escalated_from: frozenset[Level] = frozenset()
    reopened: bool = False
