"""Computing a report: the tickets of each cohort are read once and counted."""

from typing import Any

from helpdesk.report.by import GroupBy
from helpdesk.report.facts import Cohort, Fact, LeftOut
from helpdesk.report.gather import FactSource
from helpdesk.report.groups import VOLUME_PROPERTIES
from helpdesk.report.kpi import Kpi
from helpdesk.report.kpis import every_kpi
from helpdesk.report.period import PeriodPart, ReportPeriod
from helpdesk.report.report import KpiReport, ReportGroup
from helpdesk.report.tallies import KpiTallies


def compute(source: FactSource, period: ReportPeriod, by: GroupBy | None) -> KpiReport:
    """Return the report of a period.

    :param by: what to group by; None for no groups.
    """
    by_time = by is not None and by.is_time
    parts: tuple[ReportPeriod, ...] = ()
    if by is not None and by_time:
        every_part = period.parts(PeriodPart(by.value))
        parts = tuple(part for part in every_part if part.start <= source.now)
    groups_by = source.grouping(by) if by is not None and not by_time else None
    tallies = KpiTallies(every_kpi(), 1 + len(parts), groups_by)
    source.count(tallies.add, period, parts, by)
    found = tallies.groups() or tuple(
        ReportGroup(part.label, tallies.figures(place)) for place, part in enumerate(parts, 1)
    )
    total = ReportGroup("all", tallies.figures(0))
    volumes = tuple(tallies.volume(source.grouping(each)) for each in VOLUME_PROPERTIES)
    return KpiReport(period, source.now, by, total, found, volumes)


def counted_tickets(
    source: FactSource, kpi: Kpi, period: ReportPeriod, by: GroupBy | None, group: str | None
) -> list[tuple[int, int]]:
    """Return (ticket number, its value) of every ticket that is counted in a KPI.

    :param group: the name of one of the groups by ``by``; None for all tickets.
    """
    grouping = source.grouping(by) if by is not None and group is not None else None
    found: dict[int, int] = {}

    def add(
        _: tuple[int, ...], cohort: Cohort, number: int, fact: Fact, groups: tuple[Any, ...], /
    ) -> None:
        if cohort is not kpi.cohort:
            return
        if grouping is not None and grouping.name(grouping.key(groups)) != group:
            return
        value = kpi.measure(fact)
        if value is not None and not isinstance(value, LeftOut):
            # A ticket can have several outcomes: it is listed once.
            found[number] = max(found.get(number, 0), int(value))

    source.count(add, period, by=by)
    return list(found.items())
