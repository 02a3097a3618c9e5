"""What a KPI may know of a ticket, and which tickets it is asked about."""

from dataclasses import dataclass
from enum import Enum

from helpdesk.domain.escalation import Level


class Cohort(Enum):
    """Over which facts a KPI goes, given a period ``[start, end)``."""

    LOGGED = "logged"
    """tickets that were received in the period"""
    RESOLVED = "resolved"
    """tickets that are resolved or closed, and were resolved (last) in the period"""
    OUTCOMES = "outcomes"
    """every resolution and every reopening that happened in the period; ``reopened`` tells which"""
    BACKLOG = "backlog"
    """tickets that were received before the period's end and not resolved by then"""


@dataclass(frozen=True, slots=True)
class ClockFact:
    """One clock as it was met, or as it stands.

    :ivar elapsed_s: the support time used, in seconds.
    :ivar met_at: when it was met, in seconds since 1970; None: it was not.
    :ivar breached: whether it was ever overdue.
    """

    elapsed_s: int
    met_at: int | None
    breached: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """A ticket.  Instants are seconds since 1970 (UTC).

    :ivar groups: its value of each field of ``ticket_fields.GROUPED``: of the queue and the
        assignee those of now, or, of a finished ticket, those that finished it; of a service, a
        customer and an assignee the row number, or None.
    :ivar as_of: the period's end, or the present if that is earlier.
    :ivar visited: the levels in whose queues it was.
    :ivar escalated_from: those of them from which it was handed to a higher one.
    :ivar from_knowledge: an article of the knowledge base answered it.
    :ivar duplicate: it was merged into the ticket that had told of the same thing before.
    :ivar csat: how content the requester is, 1 to 5; None: was not asked, or did not say.
    :ivar reopened: in ``Cohort.OUTCOMES``: it was a reopening, not a resolution.
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
