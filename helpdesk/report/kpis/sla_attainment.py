"""SLA attainment: the share of clocks that met their target, and the breaches that happened.

Attainment of a clock = clocks due in the period that were never overdue ÷ clocks due in the period,
those of open tickets included.  A clock is due in the period of its last due time (of a clock that
was met: as it stood when it was met) if that is past.  Clocks that are paused and those that are
due later are left out, and counted beside the figure.

*Breaches* = clocks that became overdue in the period, whenever they were or are due now.

Source: ISO/IEC 20000-1:2018, 8.3.3 (performance against service level targets) and 9.4; ITIL 4,
service level management practice; HDI and MetricNet, "% resolved within SLA".
"""

from helpdesk.domain.sla.clock import ClockName
from helpdesk.report.facts import CLOCK_COHORTS, Cohort, DueClock, LeftOut
from helpdesk.report.kpi import Kpi, Measure, Summary, Unit


def was_in_time(clock: DueClock) -> bool | LeftOut:
    """Return whether the clock was never overdue, or why it does not count."""
    return clock.left_out or not clock.late


def breach_of(name: ClockName) -> Measure:
    """Return a measure that counts the breaches of one clock."""

    def measure(clock: DueClock) -> int | None:
        return 1 if clock.name is name else None

    return measure


def _kept(cohort: Cohort, clock: ClockName, title: str, place: int) -> Kpi:
    return Kpi(f"sla_{clock}", title, Unit.SHARE, cohort, was_in_time, Summary.SHARE, place, True)


def _breaches(clock: ClockName, title: str, place: int) -> Kpi:
    measure = breach_of(clock)
    return Kpi(
        f"breaches_{clock}", title, Unit.TICKETS, Cohort.BREACHES, measure, Summary.COUNT, place,
        False,
    )  # fmt: skip


_TITLES = ("first response", "next update", "resolution")
KPIS = (
    *(
        _kept(cohort, clock, f"SLA kept: {title}", 40 + place)
        for place, ((cohort, clock), title) in enumerate(
            zip(CLOCK_COHORTS.items(), _TITLES, strict=True)
        )
    ),
    *(
        _breaches(clock, f"Breached: {title}", 43 + place)
        for place, (clock, title) in enumerate(zip(ClockName, _TITLES, strict=True))
    ),
)
