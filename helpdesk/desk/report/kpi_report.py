"""Compute the KPIs of a period, and list the tickets behind a figure."""

from helpdesk.desk.session import Desk
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.roles import Right
from helpdesk.report import compute
from helpdesk.report.by import GroupBy
from helpdesk.report.gather import FactSource
from helpdesk.report.kpi import Kpi, Summary
from helpdesk.report.kpis import every_kpi
from helpdesk.report.period import ReportPeriod
from helpdesk.report.report import KpiReport


def kpis(desk: Desk, period: ReportPeriod, by: GroupBy | None = None) -> KpiReport:
    """Return the KPIs of a period, for all tickets together and grouped by ``by``."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        return compute.compute(FactSource(session, desk.now()), period, by)


def tickets_behind(
    desk: Desk, kpi: str, period: ReportPeriod, by: GroupBy | None = None, group: str | None = None
) -> list[int]:
    """Return the numbers of the tickets that a figure counts, those with the worst values first.

    :param kpi: the name of the KPI.
    :param by: how the report is grouped.
    :param group: only the tickets of this group of the report.
    :raises RefusedError: if there is no such KPI.
    """
    desk.require(Right.READ)
    found = kpi_named(kpi)
    with desk.database.read() as session:
        values = compute.counted_tickets(FactSource(session, desk.now()), found, period, by, group)
    worst_is_small = found.summary in (Summary.SHARE, Summary.MEAN) and found.more_is_better
    values.sort(key=lambda item: (item[1] if worst_is_small else -item[1], -item[0]))
    return [number for number, _ in values]


def kpi_named(name: str) -> Kpi:
    """Return the KPI with that name.

    :raises RefusedError: if there is none.
    """
    for kpi in every_kpi():
        if kpi.name == name:
            return kpi
    known = ", ".join(kpi.name for kpi in every_kpi())
    raise RefusedError(f"there is no KPI {name[:40]!r}: known are {known}.")
