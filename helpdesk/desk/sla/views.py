"""Views of SLA clocks."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.sla.clock import ClockStanding, ClockState
from helpdesk.domain.support_hours.calendar import SupportCalendar


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock of a ticket, as of the time at which the view was made.

    To update the remaining time on a screen, use
    :func:`helpdesk.domain.sla.countdown.countdown`.

    :ivar name: a ``ClockName``, or ``OLA``.
    :ivar due_at: None while the clock is paused or has not started.
    :ivar remaining_s: the support time left at ``read_at``, in seconds; negative after a breach.
    :ivar open: whether the target is still to be met; else the figures are final.
    :ivar standing: whether it has started and its target still stands.
    """

    name: str
    target_s: int
    due_at: datetime | None
    warn_at: datetime | None
    remaining_s: int
    state: ClockState
    met_at: datetime | None
    breached_at: datetime | None
    open: bool
    calendar: SupportCalendar
    read_at: datetime
    standing: ClockStanding
