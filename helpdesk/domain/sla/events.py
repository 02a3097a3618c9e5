"""What happens to a ticket that its clocks take note of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.pauses import Pauses
from helpdesk.domain.sla.targets import Targets, require_target
from helpdesk.domain.support_hours import SupportCalendar
from helpdesk.domain.support_hours.document import placed


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """One thing that happened, at an aware UTC instant in whole seconds.

    ``responded`` is a public answer by a person, not an automatic one.  ``targets`` is a change of
    priority, service, customer, policy or calendar: what it names replaces what was, whole; what
    it leaves None stays.  The other kinds name nothing.

    :ivar ola: the time that each level is allowed.
    :ivar pauses: which waiting pauses which clock from now on; what has rested stays rested.
    """

    at: datetime
    kind: EventKind
    targets: Targets | None = None
    calendar: SupportCalendar | None = None
    ola: Mapping[Level, int] | None = None
    pauses: Pauses | None = None

    def __post_init__(self) -> None:
        for level, seconds in (self.ola or {}).items():
            require_target(seconds, f"ola.{level}")


def history(events: Sequence[ClockEvent], now: datetime) -> list[ClockEvent]:
    """Return the events in the order of time; those of one instant stay in the order given.

    :raises RefusedError: naming the event's place in the sequence, if the first is not the only
        ``received``, or one comes after ``now``.
    """
    if not events:
        raise RefusedError("events: there are none: a ticket begins with 'received'.")
    ordered = sorted(enumerate(events), key=lambda item: item[1].at)
    for rank, (place, event) in enumerate(ordered):
        with placed(f"events[{place}]: "):
            _require_sense(event, first=rank == 0, now=now)
    return [event for _, event in ordered]


def _require_sense(event: ClockEvent, *, first: bool, now: datetime) -> None:
    received = event.kind is EventKind.RECEIVED
    if first and not received:
        raise RefusedError(
            f"'{event.kind}' comes before the ticket was received: begin with 'received'."
        )
    if received and not first:
        raise RefusedError("the ticket is received a second time: keep one 'received'.")
    if event.at > now:
        raise RefusedError(
            f"'{event.kind}' at {event.at.isoformat()} is later than now, {now.isoformat()}: "
            "read the clocks at its time or later."
        )
