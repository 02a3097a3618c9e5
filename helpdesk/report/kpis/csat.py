"""Customer satisfaction (CSAT), from the ratings of requesters.

*CSAT* = ratings of 4 or 5 ÷ all ratings (1 to 5) given in the period ("top two boxes"); of several
ratings of one ticket the last.  *Mean rating* = the mean of the same ratings.  Ratings are recorded
with ``helpdesk ticket set ID --csat 1..5``.

Source: HDI and MetricNet, "customer satisfaction" (share of satisfied and very satisfied); ISO
10004:2018 (monitoring customer satisfaction).
"""

from helpdesk.report.facts import Cohort, Rating
from helpdesk.report.kpi import Kpi, Summary, Unit

_SATISFIED = 4


def is_satisfied(rating: Rating) -> bool:
    """Return whether the requester was satisfied."""
    return rating.csat >= _SATISFIED


def score(rating: Rating) -> int:
    """Return the rating, 1 to 5."""
    return rating.csat


KPIS = (
    Kpi("csat", "CSAT", Unit.SHARE, Cohort.RATED, is_satisfied, Summary.SHARE, 90, True),
    Kpi("csat_mean", "Mean rating", Unit.NUMBER, Cohort.RATED, score, Summary.MEAN, 91, True),
)
