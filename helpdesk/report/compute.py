"""Computing a report: the facts of each cohort are read once and counted."""

from collections.abc import Iterator

from helpdesk.report.by import By
from helpdesk.report.facts import Cohort, Fact
from helpdesk.report.gather import FactSource
from helpdesk.report.groups import ALWAYS
from helpdesk.report.kpi import Kpi
from helpdesk.report.kpis import every_kpi
from helpdesk.report.period import Part, Period
from helpdesk.report.report import Group, Report
from helpdesk.report.tallies import Board, VolumeCount


def compute(source: FactSource, period: Period, by: By | None) -> Report:
    """Return the report of a period."""
    in_parts = by is not None and by.is_time
    board = Board(every_kpi(), source.grouping(by) if by is not None and not in_parts else None)
    volumes = [VolumeCount(source.grouping(one)) for one in ALWAYS]
    for cohort, fact in _facts(source, period):
        board.add(cohort, fact)
        if cohort is Cohort.LOGGED:
            for volume in volumes:
                volume.add(fact)
    groups = _parts(source, period, Part(by.value)) if by and in_parts else board.groups()
    counted = tuple(volume.counted() for volume in volumes)
    return Report(period, source.now, by, board.total(), groups, counted)


def behind(
    source: FactSource, kpi: Kpi, period: Period, by: By | None, group: str | None
) -> list[tuple[int, int]]:
    """Return (ticket, its answer) of every ticket that is counted in a figure.

    :param group: the name of one group by ``by``; None for all.
    """
    split = source.grouping(by) if by is not None and group is not None else None
    found: dict[int, int] = {}
    for fact in source.facts(kpi.cohort, period):
        if split is not None and split.name(split.key(fact)) != group:
            continue
        answer = kpi.measure(fact)
        if answer is not None:
            # An outcome may come several times: the ticket is listed once.
            found[fact.number] = max(found.get(fact.number, 0), int(answer))
    return list(found.items())


def _facts(source: FactSource, period: Period) -> Iterator[tuple[Cohort, Fact]]:
    """Yield the facts of all cohorts that any KPI asks about."""
    for cohort in dict.fromkeys(kpi.cohort for kpi in every_kpi()):
        for fact in source.facts(cohort, period):
            yield cohort, fact


def _parts(source: FactSource, period: Period, part: Part) -> tuple[Group, ...]:
    """Return the figures of each part of a period; parts that are still to come have none."""
    return tuple(_part(source, one) for one in period.parts(part) if one.start <= source.now)


def _part(source: FactSource, part: Period) -> Group:
    board = Board(every_kpi(), None)
    for cohort, fact in _facts(source, part):
        board.add(cohort, fact)
    return Group(part.label, board.total().figures)
