"""Computing a report: the tickets of each cohort are read once and counted."""

from collections.abc import Iterator

from helpdesk.report.by import GroupBy
from helpdesk.report.facts import Cohort, TicketFacts
from helpdesk.report.gather import FactSource
from helpdesk.report.groups import VOLUME_PROPERTIES
from helpdesk.report.kpi import Kpi
from helpdesk.report.kpis import every_kpi
from helpdesk.report.period import PeriodPart, ReportPeriod
from helpdesk.report.report import KpiReport, ReportGroup
from helpdesk.report.tallies import KpiTallies, VolumeCount


def compute(source: FactSource, period: ReportPeriod, by: GroupBy | None) -> KpiReport:
    """Return the report of a period.

    :param by: what to group by; None for no groups.
    """
    by_time = by is not None and by.is_time
    tallies = KpiTallies(
        every_kpi(), source.grouping(by) if by is not None and not by_time else None
    )
    volumes = [VolumeCount(source.grouping(each)) for each in VOLUME_PROPERTIES]
    for cohort, fact in _facts(source, period):
        tallies.add(cohort, fact)
        if cohort is Cohort.LOGGED:
            for volume in volumes:
                volume.add(fact)
    groups = _parts(source, period, PeriodPart(by.value)) if by and by_time else tallies.groups()
    counts = tuple(volume.counted() for volume in volumes)
    return KpiReport(period, source.now, by, tallies.total(), groups, counts)


def counted_tickets(
    source: FactSource, kpi: Kpi, period: ReportPeriod, by: GroupBy | None, group: str | None
) -> list[tuple[int, int]]:
    """Return (ticket number, its value) of every ticket that is counted in a KPI.

    :param group: the name of one of the groups by ``by``; None for all tickets.
    """
    grouping = source.grouping(by) if by is not None and group is not None else None
    found: dict[int, int] = {}
    for fact in source.facts(kpi.cohort, period):
        if grouping is not None and grouping.name(grouping.key(fact)) != group:
            continue
        value = kpi.measure(fact)
        if value is not None:
            # A ticket can have several outcomes: it is listed once.
            found[fact.number] = max(found.get(fact.number, 0), int(value))
    return list(found.items())


def _facts(source: FactSource, period: ReportPeriod) -> Iterator[tuple[Cohort, TicketFacts]]:
    """Yield the tickets of all cohorts that the KPIs need."""
    for cohort in dict.fromkeys(kpi.cohort for kpi in every_kpi()):
        for fact in source.facts(cohort, period):
            yield cohort, fact


def _parts(source: FactSource, period: ReportPeriod, part: PeriodPart) -> tuple[ReportGroup, ...]:
    """Return the figures of each part of a period, without parts in the future."""
    return tuple(_part(source, each) for each in period.parts(part) if each.start <= source.now)


def _part(source: FactSource, part: ReportPeriod) -> ReportGroup:
    tallies = KpiTallies(every_kpi(), None)
    for cohort, fact in _facts(source, part):
        tallies.add(cohort, fact)
    return ReportGroup(part.label, tallies.total().figures)
