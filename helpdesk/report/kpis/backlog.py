"""Backlog and its age: the tickets that are not resolved at the end of the period.

*Backlog* = tickets received before the period's end and not resolved by then.  *Age* = seconds on
the wall clock from the receipt of a ticket to the period's end (or the present, if that is
earlier); median and 90th percentile.

Source: ITIL 4, incident management practice ("number of open incidents and their age"); HDI and
MetricNet, "ticket backlog" and "backlog age".
"""

from helpdesk.report.facts import Cohort, TicketFacts
from helpdesk.report.kpi import Kpi, Summary, Unit


def counts(ticket: TicketFacts) -> int:
    """Return 1: every ticket counts as one."""
    return 1


def age_seconds(ticket: TicketFacts) -> int:
    """Return the age of the ticket, in seconds on the wall clock."""
    return ticket.as_of - ticket.created_at


def _age(name: str, title: str, summary: Summary, place: int) -> Kpi:
    return Kpi(name, title, Unit.SECONDS, Cohort.BACKLOG, age_seconds, summary, place, False)


KPIS = (
    Kpi("backlog", "Backlog", Unit.TICKETS, Cohort.BACKLOG, counts, Summary.COUNT, 80, False),
    _age("backlog_age_median", "Age of the backlog, median", Summary.MEDIAN, 81),
    _age("backlog_age_p90", "Age of the backlog, 90 % within", Summary.P90, 82),
)
