"""The mapped classes; importing this package maps them all."""

from helpdesk.store.models.agreements import Calendar, SlaPolicy, SlaTarget, SupportLevel
from helpdesk.store.models.base import Base
from helpdesk.store.models.meta import Fact
from helpdesk.store.models.people import (
    Agent,
    AgentLevel,
    Customer,
    CustomerDomain,
    Requester,
    Service,
)
from helpdesk.store.models.tickets import (
    Ticket,
    TicketArticle,
    TicketClock,
    TicketEvent,
    TicketLink,
)

__all__ = [
    "Agent",
    "AgentLevel",
    "Base",
    "Calendar",
    "Customer",
    "CustomerDomain",
    "Fact",
    "Requester",
    "Service",
    "SlaPolicy",
    "SlaTarget",
    "SupportLevel",
    "Ticket",
    "TicketArticle",
    "TicketClock",
    "TicketEvent",
    "TicketLink",
]
