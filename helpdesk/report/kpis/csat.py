"""Customer satisfaction (CSAT), from the ratings of requesters.

*CSAT* = ratings of 4 or 5 ÷ all ratings (1 to 5) of tickets resolved in the period ("top two
boxes").  *Mean rating* = the mean of the same ratings.  Ratings are recorded with
``helpdesk ticket set ID --csat 1..5``.

Source: HDI and MetricNet, "customer satisfaction" (share of satisfied and very satisfied); ISO
10004:2018 (monitoring customer satisfaction).
"""

from helpdesk.report.facts import Cohort, TicketFacts
from helpdesk.report.kpi import Kpi, Summary, Unit

_SATISFIED = 4


def is_satisfied(ticket: TicketFacts) -> bool | None:
    """Return whether the requester was satisfied; None without a rating."""
    return None if ticket.csat is None else ticket.csat >= _SATISFIED


def rating(ticket: TicketFacts) -> int | None:
    """Return the rating, 1 to 5; None without one."""
    return ticket.csat


KPIS = (
    Kpi("csat", "CSAT", Unit.SHARE, Cohort.RESOLVED, is_satisfied, Summary.SHARE, 90, True),
    Kpi("csat_mean", "Mean rating", Unit.NUMBER, Cohort.RESOLVED, rating, Summary.MEAN, 91, True),
)
