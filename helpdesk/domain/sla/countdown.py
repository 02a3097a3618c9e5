"""The time left of a clock now, computed from its reading at the last event of the ticket.

A queue shows stored readings.  Between two events a clock either counts or is paused, so one
look-up in the calendar brings a reading up to date.
"""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.sla.clock import ClockState
from helpdesk.domain.support_hours import SupportCalendar


@dataclass(frozen=True, slots=True)
class Countdown:
    """The state of a clock some time after it was read.

    :ivar remaining_s: support seconds left; negative when overdue.
    :ivar resumes_at: when the calendar opens next (aware UTC), if the clock is counting but the
        calendar is closed now; else None.
    """

    state: ClockState
    remaining_s: int
    resumes_at: datetime | None


def countdown(
    calendar: SupportCalendar,
    *,
    state: ClockState,
    due_at: datetime | None,
    remaining_s: int,
    counting: bool,
    read_at: datetime,
    now: datetime,
) -> Countdown:
    """Return the countdown at ``now`` of a clock that was read at ``read_at``.

    ``state``, ``due_at``, ``remaining_s`` and ``counting`` are those of the reading.  The result is
    right only if the ticket had no event between ``read_at`` and ``now``.
    """
    if not counting:
        return Countdown(state, remaining_s, None)
    if due_at is not None and due_at < now:
        state = ClockState.BREACHED
    return Countdown(
        state=state,
        remaining_s=remaining_s - calendar.elapsed(read_at, now),
        resumes_at=None if calendar.is_open(now) else calendar.next_opening(now),
    )
