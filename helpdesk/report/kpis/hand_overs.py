"""Hand-overs per ticket: how often a ticket changes hands between teams before it is solved.

Mean number of escalations and returns (of an imported ticket: reassignments between groups) over
the tickets resolved in the period.

Source: ITIL 4, incident management practice ("number of incidents reassigned"); ServiceNow calls
it reassignment count, MetricNet "average number of reassignments".
"""

from helpdesk.report.facts import Cohort, Fact
from helpdesk.report.kpi import Kpi, Summary, Unit


def hand_overs(ticket: Fact) -> int:
    """How often it changed hands."""
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
