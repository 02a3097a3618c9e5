"""Customer satisfaction (CSAT), where requesters were asked.

*CSAT* = ratings of 4 or 5 ÷ all ratings (1 to 5) of tickets resolved in the period ("top two
boxes").  *Mean rating* = the mean of the same ratings.  Ratings are recorded with
``helpdesk ticket set ID --csat 1..5``.

Source: HDI and MetricNet, "customer satisfaction" (share of satisfied and very satisfied); ISO
10004:2018 (monitoring customer satisfaction).
"""

from helpdesk.report.facts import Cohort, Fact
from helpdesk.report.kpi import Kpi, Summary, Unit

_CONTENT = 4


def is_content(ticket: Fact) -> bool | None:
    """Whether the requester was content; None: is not known."""
    return None if ticket.csat is None else ticket.csat >= _CONTENT


def rating(ticket: Fact) -> int | None:
    """The rating."""
    return ticket.csat


KPIS = (
    Kpi("csat", "CSAT", Unit.SHARE, Cohort.RESOLVED, is_content, Summary.SHARE, 90, True),
    Kpi("csat_mean", "Mean rating", Unit.NUMBER, Cohort.RESOLVED, rating, Summary.MEAN, 91, True),
)
