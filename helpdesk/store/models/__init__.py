"""The mapped classes of all tables; importing this package loads them all."""

from helpdesk.store.models.access import AgentKey, Connection
from helpdesk.store.models.audit import AuditHead, AuditRecord, AuditValues
from helpdesk.store.models.base import Base
from helpdesk.store.models.desk_setting import DeskSetting
from helpdesk.store.models.notices import Notice, Presence, Watcher
from helpdesk.store.models.people import (
    Agent,
    AgentLevel,
    Customer,
    CustomerConfidant,
    CustomerDomain,
    Requester,
    Service,
)
from helpdesk.store.models.policy import (
    Calendar,
    Contract,
    PolicyVersion,
    SlaPolicy,
    SlaTarget,
)
from helpdesk.store.models.saved import Macro, SavedView, TicketTag, TimeEntry, Timer
from helpdesk.store.models.search_log import SearchRecord, TicketRecurrence, TicketRequester
from helpdesk.store.models.tickets import (
    ALARM_ENTRIES,
    HAND_OVER_ENTRIES,
    Ticket,
    TicketArticle,
    TicketClock,
    TicketEvent,
    TicketLink,
    TicketOrigin,
)

__all__ = [
    "ALARM_ENTRIES",
    "HAND_OVER_ENTRIES",
    "Agent",
    "AgentKey",
    "AgentLevel",
    "AuditHead",
    "AuditRecord",
    "AuditValues",
    "Base",
    "Calendar",
    "Connection",
    "Contract",
    "Customer",
    "CustomerConfidant",
    "CustomerDomain",
    "DeskSetting",
    "Macro",
    "Notice",
    "PolicyVersion",
    "Presence",
    "Requester",
    "SavedView",
    "SearchRecord",
    "Service",
    "SlaPolicy",
    "SlaTarget",
    "Ticket",
    "TicketArticle",
    "TicketClock",
    "TicketEvent",
    "TicketLink",
    "TicketOrigin",
    "TicketRecurrence",
    "TicketRequester",
    "TicketTag",
    "TimeEntry",
    "Timer",
    "Watcher",
]
