"""Backlog and its age: what is still owed at the end of the period.

*Backlog* = tickets received before the period's end and not resolved by then.  *Age* = seconds on
the wall clock from when a ticket was received to the period's end (or the present, if that is
earlier); median and 90th percentile.  Of a period that is over, a ticket that was resolved in it
and has been reopened since counts as backlog: the desk keeps the last resolution only.

Source: ITIL 4, incident management practice ("number of open incidents and their age"); HDI and
MetricNet, "ticket backlog" and "backlog age".
"""

from helpdesk.report.facts import Cohort, Fact
from helpdesk.report.kpi import Kpi, Summary, Unit


def counts(ticket: Fact) -> int:
    """Every ticket counts as one."""
    return 1


def age_seconds(ticket: Fact) -> int:
    """How long it has been owed."""
    return ticket.as_of - ticket.created_at


def _age(name: str, title: str, summary: Summary, place: int) -> Kpi:
    return Kpi(name, title, Unit.SECONDS, Cohort.BACKLOG, age_seconds, summary, place, False)


KPIS = (
    Kpi("backlog", "Backlog", Unit.TICKETS, Cohort.BACKLOG, counts, Summary.COUNT, 80, False),
    _age("backlog_age_median", "Age of the backlog, median", Summary.MEDIAN, 81),
    _age("backlog_age_p90", "Age of the backlog, 90 % within", Summary.P90, 82),
)
