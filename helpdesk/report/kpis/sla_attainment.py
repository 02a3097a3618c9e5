"""SLA attainment: the share of tickets that met their target, for each clock.

Attainment of a clock = tickets resolved in the period on which that clock was never overdue
÷ tickets resolved in the period that had that clock.

Source: ISO/IEC 20000-1:2018, 8.3.3 (performance against service level targets) and 9.4; ITIL 4,
service level management practice; HDI and MetricNet, "% resolved within SLA".
"""

from helpdesk.report.facts import ClockFact, Cohort, TicketFacts
from helpdesk.report.kpi import Kpi, Measure, Summary, Unit


def _met(clock: ClockFact | None) -> bool | None:
    return None if clock is None else not clock.breached


def responded_in_time(ticket: TicketFacts) -> bool | None:
    """Return whether the first answer was in time; None without a target."""
    return _met(ticket.first_response)


def updated_in_time(ticket: TicketFacts) -> bool | None:
    """Return whether every update was in time; None without a target."""
    return _met(ticket.next_update)


def resolved_in_time(ticket: TicketFacts) -> bool | None:
    """Return whether it was resolved in time; None without a target."""
    return _met(ticket.resolution)


def _kpi(clock: str, title: str, measure: Measure, place: int) -> Kpi:
    return Kpi(
        f"sla_{clock}", title, Unit.SHARE, Cohort.RESOLVED, measure, Summary.SHARE, place, True
    )


KPIS = (
    _kpi("first_response", "SLA kept: first response", responded_in_time, 40),
    _kpi("next_update", "SLA kept: next update", updated_in_time, 41),
    _kpi("resolution", "SLA kept: resolution", resolved_in_time, 42),
)
