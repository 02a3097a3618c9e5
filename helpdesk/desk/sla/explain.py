"""Explain how the due times of a ticket were computed."""

from helpdesk.desk.session import Desk
from helpdesk.desk.sla import ticket_clocks
from helpdesk.domain.roles import Right
from helpdesk.domain.sla.clock import ClockName
from helpdesk.domain.sla.explain import explain
from helpdesk.domain.sla.explanation import ExplanationLine
from helpdesk.store.ticket import tickets


def explain_clocks(desk: Desk, number: int) -> dict[ClockName, list[ExplanationLine]]:
    """Return an explanation of each clock of a ticket, line by line.

    :raises NotFoundError: if there is no such ticket.
    """
    desk.require(Right.READ)
    with desk.database.read() as session:
        ticket = tickets.load(session, number)
        now = max(desk.now(), ticket.updated_at)
        history = ticket_clocks.history_of(session, number)
    return {
        name: explain(history.calendar, history.targets, history.events, now, name, history.pauses)
        for name in ticket_clocks.readings(history, now)
    }
