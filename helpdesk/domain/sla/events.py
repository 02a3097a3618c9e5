"""The events from which a ticket's SLA clocks are computed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.sla.clock import ClockName
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.pauses import Pauses
from helpdesk.domain.sla.targets import Targets, require_target
from helpdesk.domain.sla.verdict import Verdict
from helpdesk.domain.support_hours import SupportCalendar
from helpdesk.domain.support_hours.document import prefix_errors


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """An event, at an aware UTC instant in whole seconds.

    ``responded`` is a public answer by a person, not an automatic one.  ``targets`` is a change of
    priority, service, customer, policy or calendar: each attribute that is not None replaces its
    previous value completely.  For the other kinds these attributes are None.

    :ivar ola: the support seconds that each level is allowed.
    :ivar ola_hours: the support hours of each level that has its own; the others count the
        customer's.
    :ivar by_taking: of ``responded``: nobody was answered, but somebody took the ticket, which
        meets the first response where there is nobody to answer.
    :ivar pauses: which reasons for waiting pause which clock from now on; earlier pauses stay as
        they were.
    :ivar verdicts: the outcomes that another program decided, which hold from this event on.
    :raises RefusedError: if a value in ``ola`` is negative or not a whole number.
    """

    at: datetime
    kind: EventKind
    targets: Targets | None = None
    calendar: SupportCalendar | None = None
    ola: Mapping[Level, int] | None = None
    pauses: Pauses | None = None
    ola_hours: Mapping[Level, SupportCalendar] | None = None
    by_taking: bool = False
    verdicts: Mapping[ClockName, Verdict] | None = None

    def __post_init__(self) -> None:
        for level, seconds in (self.ola or {}).items():
            require_target(seconds, f"ola.{level}")


def history(events: Sequence[ClockEvent], now: datetime) -> list[ClockEvent]:
    """Return the events ordered by time; those of one instant stay in the given order.

    :raises RefusedError: naming the event's index in ``events``, if the first event is not the only
        ``received``, or an event is later than ``now``.
    """
    if not events:
        raise RefusedError("events: there are none: a ticket begins with 'received'.")
    ordered = sorted(enumerate(events), key=lambda item: item[1].at)
    for rank, (index, event) in enumerate(ordered):
        with prefix_errors(f"events[{index}]: "):
            _require_valid(event, is_first=rank == 0, now=now)
    return [event for _, event in ordered]


def _require_valid(event: ClockEvent, *, is_first: bool, now: datetime) -> None:
    is_received = event.kind is EventKind.RECEIVED
    if is_first and not is_received:
        raise RefusedError(
            f"'{event.kind}' comes before the ticket was received: begin with 'received'."
        )
    if is_received and not is_first:
        raise RefusedError("the ticket is received a second time: keep one 'received'.")
    if event.at > now:
        raise RefusedError(
            f"'{event.kind}' at {event.at.isoformat()} is later than now, {now.isoformat()}: "
            "read the clocks at its time or later."
        )
