"""First-contact resolution (FCR): the share of tickets that the first answer resolved for good.

FCR = tickets resolved in the period whose first public answer was their resolution, that were
never handed over and never reopened ÷ tickets resolved in the period that have a first response
target (only of these the time of the first answer is known).  Duplicates are left out: their
answer is given on the ticket into which they were merged.

Source: HDI and MetricNet, "first contact resolution rate": resolved during the initial contact,
without escalation and without a further contact.
"""

from helpdesk.report.facts import Cohort, LeftOut, TicketFacts
from helpdesk.report.kpi import Kpi, Summary, Unit


def solved_at_first_contact(ticket: TicketFacts) -> bool | LeftOut:
    """Return whether the first answer resolved it, or why that does not count."""
    clock = ticket.first_response
    if ticket.duplicate:
        return LeftOut.DUPLICATE
    if clock is None:
        return LeftOut.NO_TARGET
    if clock.met_at is None:
        return LeftOut.NOT_ANSWERED
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
