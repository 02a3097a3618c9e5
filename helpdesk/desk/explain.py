"""Why a ticket is due when it is due."""

from helpdesk.desk import clockwork, promises
from helpdesk.desk.session import Desk
from helpdesk.domain.roles import Right
from helpdesk.domain.sla.clock import ClockName
from helpdesk.domain.sla.explain import explain
from helpdesk.domain.sla.tale import Line
from helpdesk.store import tickets


def explain_clocks(desk: Desk, number: int) -> dict[ClockName, list[Line]]:
    """Return, for each clock of a ticket, line by line how it came to stand as it does.

    :raises NotFoundError: if there is no such ticket.
    """
    desk.require(Right.READ)
    with desk.database.read() as session:
        ticket = tickets.load(session, number)
        now = max(desk.now(), ticket.updated_at)
        calendars = promises.calendars(session)
        timeline = clockwork.timeline_of(session, number)
        start = clockwork.beginning(timeline, calendars)
        names = clockwork.replay(timeline, calendars, now)
    return {name: explain(start.calendar, start.targets, start.events, now, name) for name in names}
