"""What is left of a clock now, from how it stood at its last event.

A queue shows clocks that were read when something last happened to their tickets.  Between two
events a clock only counts or rests, so that one look at the calendar brings it up to date.
"""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.sla.clock import ClockState
from helpdesk.domain.support_hours import SupportCalendar


@dataclass(frozen=True, slots=True)
class Countdown:
    """A clock at a later instant.

    :ivar remaining_s: support seconds left, negative when overdue.
    :ivar resumes_at: when counting goes on, if the clock is counting but the calendar closed now.
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
    """Return what is left at ``now`` of a clock that was read at ``read_at``.

    ``state``, ``due_at``, ``remaining_s`` and ``counting`` are the reading's; nothing may have
    happened to the ticket in between.
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
