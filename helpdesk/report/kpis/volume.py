"""Volume: how many tickets came in, and how many were resolved.

*Logged* = number of tickets received in the period.
*Resolved* = number of tickets whose (last) resolution was in the period; one that was reopened
and is still open is not among them.

Source: ITIL 4, incident management practice ("number of incidents"); ISO/IEC 20000-1:2018, 9.4
(service reporting: workload characteristics, including volumes); HDI, ticket volume.  By type,
service, channel, level and so on it is told by the report's groups.
"""

from helpdesk.report.facts import Cohort, Fact
from helpdesk.report.kpi import Kpi, Summary, Unit


def counts(ticket: Fact) -> int:
    """Every ticket counts as one."""
    return 1


KPIS = (
    Kpi("logged", "Tickets logged", Unit.TICKETS, Cohort.LOGGED, counts, Summary.COUNT, 10),
    Kpi("resolved", "Tickets resolved", Unit.TICKETS, Cohort.RESOLVED, counts, Summary.COUNT, 11),
)
