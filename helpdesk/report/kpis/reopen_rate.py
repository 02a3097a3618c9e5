"""Reopen rate: resolutions that did not last.

Rate = reopenings in the period ÷ resolutions in the period (a merge is one).  A resolution of
last month that is reopened now counts now: over a short period the rate can pass 1.

Source: ITIL 4, incident management practice ("percentage of incidents reopened"); MetricNet,
"ticket reopen rate".
"""

from helpdesk.report.facts import Cohort, Fact
from helpdesk.report.kpi import Kpi, Summary, Unit


def was_reopening(outcome: Fact) -> bool:
    """Whether it was a reopening; else it was a resolution."""
    return outcome.reopened


KPIS = (
    Kpi(
        "reopen_rate",
        "Reopen rate",
        Unit.SHARE,
        Cohort.OUTCOMES,
        was_reopening,
        Summary.RATE,
        70,
        False,
    ),
)
