"""Rows, pages and counts of queues as screens and commands show them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from helpdesk.desk.agent_view import AgentView
from helpdesk.desk.sla.views import ClockView
from helpdesk.desk.ticket.views import TicketFields
from helpdesk.domain.escalation import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow(TicketFields):
    """One row of a queue.

    :ivar with_lead: whether it was passed to the lead.
    :ivar duplicate_of: the ticket that it is a duplicate of, or "".
    :ivar reappeared: the solved problem that recurred with it, or "".
    :ivar requester_wrote: whether the requester has written since the last answer.
    :ivar clock: the one of ``clocks`` that is due next.
    """

    requester: str
    requester_name: str
    with_lead: bool
    duplicate_of: str
    reappeared: str
    requester_wrote: bool
    clocks: tuple[ClockView, ...]
    clock: ClockView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedRow(QueueRow):
    """The row of a ticket whose duplicates are folded under it, in a list that folds them.

    Its ``clock`` is the most urgent one of them all, and ``requester_wrote`` says whether the
    requester of any of them has written.

    :ivar duplicates: how many there are.
    :ivar unfolded: whether they have rows of their own below this one.
    """

    duplicates: int
    unfolded: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some rows of a list.

    :ivar offset: the position (from 0) of the first row in the list.
    :ivar total: the length of the list.
    """

    rows: tuple[QueueRow, ...]
    offset: int
    total: int


@dataclass(frozen=True, slots=True)
class Glance:
    """What the app shows first: the top of the queue with which it starts for the agent."""

    agent: AgentView
    page: QueuePage


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How many tickets of a queue are active, unassigned, close to a breach, and overdue."""

    open: int = 0
    unassigned: int = 0
    warning: int = 0
    breached: int = 0


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """The counts in the header.

    :ivar mine: the acting agent's own tickets.
    :ivar next_breach_at: when the next ticket of the agent's levels is due (UTC).
    :ivar names: the names that the policy gives the levels.
    :ivar may_copy: whether the policy allows copying to the clipboard of the terminal.
    :ivar unread: how many unread notices are in the acting agent's inbox.
    """

    queues: Mapping[Level, QueueCount]
    mine: QueueCount
    next_breach_at: datetime | None
    names: Mapping[Level, str] = field(default_factory=dict)
    unread: int = 0
    may_copy: bool = True
