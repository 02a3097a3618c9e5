"""Views of stored clocks as of a later time than the one at which they were stored."""

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.desk.sla import agreement
from helpdesk.desk.sla.views import ClockView
from helpdesk.domain.sla.clock import ClockName, ClockState, is_open
from helpdesk.domain.sla.countdown import countdown
from helpdesk.domain.support_hours import SupportCalendar
from helpdesk.domain.ticket import State
from helpdesk.store.models import TicketClock
from helpdesk.store.ticket import queues


def clock_views(
    session: Session, numbers: list[int], now: datetime
) -> dict[int, tuple[ClockView, ...]]:
    """Return the clocks of these tickets as of ``now`` (UTC), by ticket number."""
    rows = queues.clocks(session, numbers)
    calendars = agreement.PolicyArchive(session)
    views: dict[int, list[ClockView]] = {}
    for clock, state, calendar_id in rows:
        clock_view = view(clock, state, calendars.calendar(calendar_id), now)
        views.setdefault(clock.ticket_id, []).append(clock_view)
    order = list(ClockName)
    return {
        number: tuple(sorted(clocks, key=lambda clock: order.index(ClockName(clock.name))))
        for number, clocks in views.items()
    }


def view(
    clock: TicketClock, ticket_state: State, calendar: SupportCalendar, now: datetime
) -> ClockView:
    """Return a stored clock as of ``now`` (UTC)."""
    still_open = is_open(clock.name, clock.met_at, ticket_state, clock.standing)
    left = countdown(
        calendar,
        state=clock.state,
        due_at=clock.due_at,
        remaining_s=clock.target_s - clock.elapsed_s,
        counting=still_open and clock.state is not ClockState.PAUSED and clock.due_at is not None,
        read_at=clock.as_of,
        now=now,
    )
    newly_breached = left.state is ClockState.BREACHED and clock.breached_at is None
    return ClockView(
        name=clock.name,
        target_s=clock.target_s,
        due_at=clock.due_at,
        warn_at=clock.warn_at,
        remaining_s=left.remaining_s,
        state=left.state,
        met_at=clock.met_at,
        breached_at=clock.due_at if newly_breached else clock.breached_at,
        open=still_open,
        calendar=calendar,
        read_at=now,
        standing=clock.standing,
    )
