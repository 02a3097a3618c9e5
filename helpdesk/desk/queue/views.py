"""Views of queues: rows, pages, counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from helpdesk.desk.agent_view import AgentView
from helpdesk.desk.sla.views import ClockView
from helpdesk.desk.ticket.views import TicketFields
from helpdesk.domain.escalation import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow(TicketFields):
    """One line of a queue; ``clock`` is the one of ``clocks`` that is due next.

    ``duplicate_of`` is the ticket that it follows, ``reappeared`` the solved problem that came back
    with it; "" if there is none.
    """

    requester: str
    requester_name: str
    with_lead: bool
    duplicate_of: str
    reappeared: str
    clocks: tuple[ClockView, ...]
    clock: ClockView | None


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A stretch of a queue: ``rows`` are number ``offset`` … of ``total``, due first."""

    rows: tuple[QueueRow, ...]
    offset: int
    total: int


@dataclass(frozen=True, slots=True)
class Glance:
    """What the app shows first: the top of the queue in which the agent begins."""

    agent: AgentView
    page: QueuePage


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How a queue stands at an instant."""

    open: int = 0
    unassigned: int = 0
    warning: int = 0
    breached: int = 0


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """The figures of the header; ``names`` is how the policy calls the levels.

    ``unread`` is how many notices wait in the acting agent's inbox.
    """

    queues: Mapping[Level, QueueCount]
    mine: QueueCount
    next_breach_at: datetime | None
    names: Mapping[Level, str] = field(default_factory=dict)
    unread: int = 0
