"""Explain how the due times of a ticket were computed."""

from datetime import datetime

from helpdesk.desk.session import Desk
from helpdesk.desk.sla import ticket_clocks
from helpdesk.desk.sla.history import History, ola_key
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.i18n import _
from helpdesk.domain.roles import Right
from helpdesk.domain.sla.clock import ClockName, ClockReading
from helpdesk.domain.sla.explain import explain, explain_ola
from helpdesk.domain.sla.explanation import ExplanationLine
from helpdesk.store.ticket import tickets


def explain_clocks(desk: Desk, number: int) -> dict[ClockName, list[ExplanationLine]]:
    """Return an explanation of each of the customer's clocks of a ticket, line by line.

    :raises NotFoundError: if there is no such ticket.
    """
    history, now = _history(desk, number)
    found = {
        name: _with_raises(
            explain(history.calendar, history.targets, history.events, now, name, history.pauses),
            history,
            reading,
        )
        for name, reading in ticket_clocks.readings(history, now).items()
    }
    verdict = _imported_verdict(desk, number)
    if verdict is not None and ClockName.RESOLUTION in found:
        lines = found[ClockName.RESOLUTION]
        words = _("imported: the other program counts the SLA of this ticket as kept")
        missed = _("imported: the other program counts the SLA of this ticket as missed")
        lines.insert(1, ExplanationLine(lines[0].at, words if verdict else missed))
    return found


def _imported_verdict(desk: Desk, number: int) -> bool | None:
    """Return whether the program from which a ticket was imported says that its SLA was kept."""
    with desk.database.read() as session:
        [logged, *_rest] = tickets.events_of_types(session, number, (EntryType.LOGGED,))
    verdict = logged.data.get("sla_met")
    return verdict if isinstance(verdict, bool) else None


def explain_levels(desk: Desk, number: int) -> dict[str, list[ExplanationLine]]:
    """Return an explanation of the OLA of each level that has one and that had the ticket.

    :returns: the lines by the key of the clock, such as ``ola L2``.
    :raises NotFoundError: if there is no such ticket.
    """
    history, now = _history(desk, number)
    rules = history.rules_at_receipt
    levels = explain_ola(
        *(history.calendar, rules.olas, history.moves, history.events, now, history.pauses),
        rules.ola_hours,
    )
    return {ola_key(level): lines for level, lines in levels.items()}


def _history(desk: Desk, number: int) -> tuple[History, datetime]:
    desk.require(Right.READ)
    with desk.database.read() as session:
        ticket = tickets.load(session, number)
        now = max(desk.now(), ticket.updated_at)
        return ticket_clocks.history_of(session, number), now


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
