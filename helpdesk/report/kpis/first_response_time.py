"""First response time: how long a requester waits for the first answer by a person.

*Support time* = seconds of support time (by the calendar of the ticket's SLA) from its receipt to
the first public answer.  *Wall time* = the same on the wall clock.  Median and 90th percentile
over the tickets first answered in the period, resolved or not, that have a first response target.
Tickets that still wait for an answer are not in it: attainment counts them once they are overdue.

Source: HDI and MetricNet, "average speed of answer" for phone and "time to first response" for
tickets; median and percentile are used because outliers dominate the mean.
"""

from helpdesk.report.facts import Cohort, TicketFacts
from helpdesk.report.kpi import Kpi, Measure, Summary, Unit


def support_seconds(ticket: TicketFacts) -> int | None:
    """Return the support time to the first answer, in seconds; None without one."""
    clock = ticket.first_response
    return clock.elapsed_s if clock and clock.met_at is not None else None


def wall_seconds(ticket: TicketFacts) -> int | None:
    """Return the wall time to the first answer, in seconds; None without one."""
    clock = ticket.first_response
    return clock.met_at - ticket.created_at if clock and clock.met_at is not None else None


def _kpi(name: str, title: str, measure: Measure, summary: Summary, place: int) -> Kpi:
    return Kpi(name, title, Unit.SECONDS, Cohort.ANSWERED, measure, summary, place, False)


KPIS = (
    _kpi("first_response_median", "First response, median", support_seconds, Summary.MEDIAN, 20),
    _kpi("first_response_p90", "First response, 90 % within", support_seconds, Summary.P90, 21),
    _kpi(
        "first_response_wall_median",
        "First response on the wall clock, median",
        wall_seconds,
        Summary.MEDIAN,
        22,
    ),
    _kpi(
        "first_response_wall_p90",
        "First response on the wall clock, 90 %",
        wall_seconds,
        Summary.P90,
        23,
    ),
)
