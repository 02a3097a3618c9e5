"""Which reasons for waiting pause which SLA clock."""

from dataclasses import dataclass

from helpdesk.domain.sla.clock import ClockName
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.ticket import Waiting

#: The event for the clocks when a ticket begins to wait.
PENDING_ON = {
    Waiting.REQUESTER: EventKind.PENDING_REQUESTER,
    Waiting.VENDOR: EventKind.PENDING_VENDOR,
    Waiting.DATE: EventKind.PENDING_SCHEDULED,
}

_REQUESTER = frozenset({EventKind.PENDING_REQUESTER})


@dataclass(frozen=True, slots=True)
class Pauses:
    """The reasons for waiting that pause each clock.

    By default only waiting for the requester pauses a clock.  Waiting for a vendor or a date does
    not, because the customer did not ask for it.  Nothing pauses the first response.
    """

    next_update: frozenset[EventKind] = _REQUESTER
    resolution: frozenset[EventKind] = _REQUESTER

    def of(self, clock: ClockName) -> frozenset[EventKind]:
        """Return the reasons for waiting that pause a clock."""
        match clock:
            case ClockName.FIRST_RESPONSE:
                return frozenset()
            case ClockName.NEXT_UPDATE:
                return self.next_update
            case ClockName.RESOLUTION:
                return self.resolution


DEFAULT_PAUSES = Pauses()
