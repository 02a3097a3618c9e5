"""Volume: the number of tickets received, and of tickets resolved.

*Logged* = number of tickets received in the period.
*Resolved* = number of tickets whose (last) resolution was in the period, without those that were
reopened in it and not resolved again.

Source: ITIL 4, incident management practice ("number of incidents"); ISO/IEC 20000-1:2018, 9.4
(service reporting: workload characteristics, including volumes); HDI, ticket volume.  The groups
of the report show it by type, service, channel, level and so on.
"""

from helpdesk.report.facts import Cohort, TicketFacts
from helpdesk.report.kpi import Kpi, Summary, Unit


def counts(ticket: TicketFacts) -> int:
    """Return 1: every ticket counts as one."""
    return 1


KPIS = (
    Kpi("logged", "Tickets logged", Unit.TICKETS, Cohort.LOGGED, counts, Summary.COUNT, 10),
    Kpi("resolved", "Tickets resolved", Unit.TICKETS, Cohort.RESOLVED, counts, Summary.COUNT, 11),
)
