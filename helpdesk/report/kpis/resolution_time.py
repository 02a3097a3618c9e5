"""Time to resolution (mean time to restore service's median and 90th percentile).

*Support time* = seconds counted by the resolution clock: without the pauses that the
policy allows (such as waiting for the requester) and without the time between a resolution and a
reopening.  *Wall time* = seconds from the receipt of the ticket to its (last) resolution.  Over
the tickets resolved in the period; for support time, those that have a resolution target.

Source: ITIL 4, incident management practice ("mean time to restore service, MTRS"); HDI and
MetricNet, "mean time to resolve", which counts business hours.
"""

from helpdesk.report.facts import Cohort, LeftOut, TicketFacts
from helpdesk.report.kpi import Kpi, Measure, Summary, Unit


def support_seconds(ticket: TicketFacts) -> int | LeftOut:
    """Return the support time to the resolution, in seconds, or that there is no clock."""
    clock = ticket.resolution
    return clock.elapsed_s if clock and clock.met_at is not None else LeftOut.NO_TARGET


def wall_seconds(ticket: TicketFacts) -> int | None:
    """Return the wall time to the resolution, in seconds."""
    return None if ticket.resolved_at is None else ticket.resolved_at - ticket.created_at


def _kpi(name: str, title: str, measure: Measure, summary: Summary, place: int) -> Kpi:
    return Kpi(name, title, Unit.SECONDS, Cohort.RESOLVED, measure, summary, place, False)


KPIS = (
    _kpi("resolution_median", "Resolution, median", support_seconds, Summary.MEDIAN, 30),
    _kpi("resolution_p90", "Resolution, 90 % within", support_seconds, Summary.P90, 31),
    _kpi(
        "resolution_wall_median",
        "Resolution on the wall clock, median",
        wall_seconds,
        Summary.MEDIAN,
        32,
    ),
    _kpi(
        "resolution_wall_p90", "Resolution on the wall clock, 90 %", wall_seconds, Summary.P90, 33
    ),
)
