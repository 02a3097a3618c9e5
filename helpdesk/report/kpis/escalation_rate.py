"""Escalation rate of each level: the share of its tickets that it handed to a higher level.

Rate of a level = tickets resolved in the period that this level handed to a higher one at least
once ÷ tickets resolved in the period that were in this level's queue at least once.  The highest
level has no rate.

Source: ITIL 4, incident management practice (functional escalation); HDI and MetricNet,
"escalation rate" (of the first level: tickets not resolved there).
"""

from helpdesk.domain.escalation import Level
from helpdesk.report.facts import Cohort, TicketFacts
from helpdesk.report.kpi import Kpi, Measure, Summary, Unit


def escalated_from(level: Level) -> Measure:
    """Return a measure: whether a level escalated a ticket; None if it never had the ticket."""

    def measure(ticket: TicketFacts) -> bool | None:
        return level in ticket.escalated_from if level in ticket.visited else None

    return measure


KPIS = tuple(
    Kpi(
        f"escalation_rate_{level.lower()}",
        f"Escalated from {level}",
        Unit.SHARE,
        Cohort.RESOLVED,
        escalated_from(level),
        Summary.SHARE,
        60 + place,
        False,
    )
    for place, level in enumerate(list(Level)[:-1])
)
