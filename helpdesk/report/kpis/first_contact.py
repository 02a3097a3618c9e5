"""First-contact resolution (FCR): what the first answer solved for good.

FCR = tickets resolved in the period whose first public answer was their resolution, that were
never handed over and never reopened ÷ tickets resolved in the period that were promised a first
response (so that it is known when they were first answered).  Duplicates are left out: their
answer is given on the ticket into which they were merged.

Source: HDI and MetricNet, "first contact resolution rate": resolved during the initial contact,
without escalation and without a further contact.
"""

from helpdesk.report.facts import Cohort, Fact
from helpdesk.report.kpi import Kpi, Summary, Unit


def solved_at_first_contact(ticket: Fact) -> bool | None:
    """Whether the first answer solved it."""
    clock = ticket.first_response
    if clock is None or clock.met_at is None or ticket.duplicate:
        return None
    alone = ticket.hand_overs == 0 and ticket.reopenings == 0
    return alone and clock.met_at == ticket.resolved_at


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
