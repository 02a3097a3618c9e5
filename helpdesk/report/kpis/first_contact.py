"""First-contact resolution (FCR): the share of tickets that the first answer resolved for good.

FCR = tickets resolved in the period whose first public answer was their resolution, that were
never handed over and never reopened ÷ tickets resolved in the period that have a first response
target (only of these the time of the first answer is known).  Duplicates are left out: their
answer is given on the ticket into which they were merged.

Source: HDI and MetricNet, "first contact resolution rate": resolved during the initial contact,
without escalation and without a further contact.
"""

from helpdesk.report.facts import Cohort, TicketFacts
from helpdesk.report.kpi import Kpi, Summary, Unit


def solved_at_first_contact(ticket: TicketFacts) -> bool | None:
    """Return whether the first answer resolved it; None if that is not known."""
    clock = ticket.first_response
    if clock is None or clock.met_at is None or ticket.duplicate:
        return None
    unassisted = ticket.hand_overs == 0 and ticket.reopenings == 0
    return unassisted and clock.met_at == ticket.resolved_at


KPIS = (
    Kpi(
        "fcr",
        "First-contact resolution",
        Unit.SHARE,
        Cohort.RESOLVED,
        solved_at_first_contact,
        Summary.SHARE,
        50,
        True,
    ),
)
