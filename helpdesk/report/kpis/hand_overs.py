"""Hand-overs per ticket: how often a ticket moves between levels before it is resolved.

Mean number of escalations and returns over the tickets resolved in the period (for an imported
ticket: reassignments between groups).

Source: ITIL 4, incident management practice ("number of incidents reassigned"); ServiceNow calls
it reassignment count, MetricNet "average number of reassignments".
"""

from helpdesk.report.facts import Cohort, TicketFacts
from helpdesk.report.kpi import Kpi, Summary, Unit


def hand_overs(ticket: TicketFacts) -> int:
    """Return how often it was handed over."""
    return ticket.hand_overs


KPIS = (
    Kpi(
        "hand_overs_per_ticket",
        "Hand-overs per ticket",
        Unit.NUMBER,
        Cohort.RESOLVED,
        hand_overs,
        Summary.MEAN,
        65,
        False,
    ),
)
