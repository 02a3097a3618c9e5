"""Which waiting pauses which clock."""

from dataclasses import dataclass

from helpdesk.domain.sla.clock import ClockName
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.ticket import Waiting

#: What waiting for each of these is to the clocks.
PENDING_ON = {
    Waiting.REQUESTER: EventKind.PENDING_REQUESTER,
    Waiting.VENDOR: EventKind.PENDING_VENDOR,
    Waiting.DATE: EventKind.PENDING_SCHEDULED,
}

_REQUESTER = frozenset({EventKind.PENDING_REQUESTER})


@dataclass(frozen=True, slots=True)
class Pauses:
    """The pending reasons that pause a clock.

    By default waiting for the requester pauses, waiting for a vendor or a date does not: the
    customer did not ask for those.  First response has no entry, because nothing pauses it.
    """

    next_update: frozenset[EventKind] = _REQUESTER
    resolution: frozenset[EventKind] = _REQUESTER

    def of(self, clock: ClockName) -> frozenset[EventKind]:
        """Return the pending reasons that pause a clock."""
        match clock:
            case ClockName.FIRST_RESPONSE:
                return frozenset()
            case ClockName.NEXT_UPDATE:
                return self.next_update
            case ClockName.RESOLUTION:
                return self.resolution


DEFAULT_PAUSES = Pauses()
