"""The SLA clock: what was promised, what is left of it, and how that came about."""

from helpdesk.domain.sla.clock import ClockName, ClockState, Reading
from helpdesk.domain.sla.clocks import read_clocks
from helpdesk.domain.sla.events import ClockEvent, EventKind
from helpdesk.domain.sla.ola import QueueMove, read_ola
from helpdesk.domain.sla.pauses import DEFAULT_PAUSES, Pauses
from helpdesk.domain.sla.targets import Targets

__all__ = [
    "DEFAULT_PAUSES",
    "ClockEvent",
    "ClockName",
    "ClockState",
    "EventKind",
    "Pauses",
    "QueueMove",
    "Reading",
    "Targets",
    "read_clocks",
    "read_ola",
]
