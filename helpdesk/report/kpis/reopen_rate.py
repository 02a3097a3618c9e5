"""Reopen rate: the share of resolutions that did not last.

Rate = reopenings in the period ÷ resolutions in the period (a merge counts as a resolution).
Reopening a ticket that was resolved last month counts now, so over a short period the rate can
exceed 1.

Source: ITIL 4, incident management practice ("percentage of incidents reopened"); MetricNet,
"ticket reopen rate".
"""

from helpdesk.report.facts import Cohort, TicketFacts
from helpdesk.report.kpi import Kpi, Summary, Unit


def was_reopening(outcome: TicketFacts) -> bool:
    """Return whether the outcome is a reopening; otherwise it is a resolution."""
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
