"""Explain how the due times of a ticket were computed."""

from helpdesk.desk.session import Desk
from helpdesk.desk.sla import ticket_clocks
from helpdesk.desk.sla.history import History
from helpdesk.domain.i18n import _
from helpdesk.domain.roles import Right
from helpdesk.domain.sla.clock import ClockName, ClockReading
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
        name: _with_raises(
            explain(history.calendar, history.targets, history.events, now, name, history.pauses),
            history,
            reading,
        )
        for name, reading in ticket_clocks.readings(history, now).items()
    }


def _with_raises(
    lines: list[ExplanationLine], history: History, reading: ClockReading
) -> list[ExplanationLine]:
    """Add the priorities that alarms raised while the clock was open, at their times."""
    zone = lines[0].at.tzinfo
    for one in history.raises:
        if reading.met_at is None or one.at <= reading.met_at:
            text = _("priority raised to {to} ({reason}): the targets of {kept} stay in force")
            words = text.format(to=one.to, reason=one.reason, kept=one.targets_of)
            lines.append(ExplanationLine(one.at.astimezone(zone), words))
    return sorted(lines, key=lambda line: line.at.timestamp())
