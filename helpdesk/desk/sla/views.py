"""Views of SLA clocks."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.sla.clock import ClockState
from helpdesk.domain.support_hours.calendar import SupportCalendar


@dataclass(frozen=True, slots=True)
class ClockView:
    """One SLA target on one ticket, as it stood when the view was made.

    ``name`` is a ``ClockName``.  ``due_at`` is None while paused.  ``remaining_s`` is support time
    left at ``read_at`` (negative after a breach).  ``open`` tells whether it still promises
    something; a clock that is not keeps its figures.  For a screen that stays up,
    :func:`helpdesk.domain.sla.countdown.countdown` says what is left later on.
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
