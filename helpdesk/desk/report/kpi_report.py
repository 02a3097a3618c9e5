"""Compute the KPIs of a period, and list the tickets behind a figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.desk.session import Desk
from helpdesk.desk.sla import ticket_clocks
from helpdesk.desk.sla.agreement import PolicyArchive
from helpdesk.desk.sla.history import effective_entries, read_history
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Right
from helpdesk.domain.sla.clock import ClockName, ClockReading
from helpdesk.domain.sla.pauses import PENDING_ON
from helpdesk.domain.ticket import Waiting
from helpdesk.report import compute
from helpdesk.report.by import GroupBy
from helpdesk.report.facts import Cohort, DueClock, Fact
from helpdesk.report.gather import FactSource
from helpdesk.report.groups import QUEUE
from helpdesk.report.kpi import Kpi, Summary
from helpdesk.report.kpis import every_kpi
from helpdesk.report.period import ReportPeriod
from helpdesk.report.report import KpiReport


@dataclass(frozen=True, slots=True)
class StoredReplay:
    """Tells what timelines mean, by the policies that are stored."""

    archive: PolicyArchive

    def standing(self, entries: Sequence[Any]) -> Sequence[Any]:
        """Return the entries that were not undone by one of the others."""
        return effective_entries(entries)

    def clocks(self, entries: Sequence[Any], at: datetime) -> Mapping[ClockName, ClockReading]:
        """Return the clocks of a ticket with these entries, as they stood at a time (UTC)."""
        return ticket_clocks.readings(read_history(entries, self.archive), at)

    def paused_by(self, on: str) -> frozenset[ClockName]:
        """Return the clocks that waiting on somebody pauses, by the policy in force."""
        kind, pauses = PENDING_ON[Waiting(on)], self.archive.rules_in_force.pauses
        return frozenset(name for name in ClockName if kind in pauses.of(name))


def _source(desk: Desk, session: Session) -> FactSource:
    return FactSource(session, desk.now(), StoredReplay(PolicyArchive(session)))


def kpis(
    desk: Desk, period: ReportPeriod, by: GroupBy | None = None, to: str = "screen"
) -> KpiReport:
    """Return the KPIs of a period, for all tickets together and grouped by ``by``.

    A report by agent is on record.

    :param to: where it goes, for the record.
    """
    desk.require(Right.READ)
    if by is GroupBy.AGENT:
        desk.require(Right.SEE_COLLEAGUES)
    with desk.database.read() as session:
        report = compute.compute(_source(desk, session), period, by)
    if by is GroupBy.AGENT:
        desk.record_use("reported figures by agent", period.label, len(report.groups), to)
    return report


def splits(desk: Desk) -> tuple[GroupBy, ...]:
    """Return the properties by which the acting agent may split figures."""
    desk.require(Right.READ)
    every = (by for by in GroupBy if not by.is_time)
    return tuple(by for by in every if by is not GroupBy.AGENT or desk.may(Right.SEE_COLLEAGUES))


def resolutions_kept(desk: Desk, session: Session, since: datetime) -> dict[Level, tuple[int, int]]:
    """Return (resolutions in time, all that were due) since then, by the level that had them."""
    now = desk.now()
    found: dict[Level, list[int]] = {}

    def add(
        _: tuple[int, ...], cohort: Cohort, __: int, fact: Fact, groups: tuple[Any, ...], /
    ) -> None:
        if cohort is Cohort.RESOLUTIONS and isinstance(fact, DueClock) and not fact.left_out:
            kept_and_due = found.setdefault(Level(groups[QUEUE]), [0, 0])
            kept_and_due[0] += not fact.late
            kept_and_due[1] += 1

    if since < now:
        _source(desk, session).count(add, ReportPeriod(since, now, ""), by=GroupBy.LEVEL)
    return {level: (kept, due) for level, (kept, due) in found.items()}


@dataclass(frozen=True, slots=True)
class BehindFigure:
    """The tickets that a figure counts.

    :ivar numbers: the tickets, those with the worst values first.
    :ivar late: those that were late, of a figure about clocks.
    """

    numbers: tuple[int, ...]
    late: frozenset[int]


def tickets_behind(
    desk: Desk, kpi: str, period: ReportPeriod, by: GroupBy | None = None, group: str | None = None
) -> list[int]:
    """Return the numbers of the tickets that a figure counts, as :func:`behind` does."""
    return list(behind(desk, kpi, period, by, group).numbers)


def behind(
    desk: Desk, kpi: str, period: ReportPeriod, by: GroupBy | None = None, group: str | None = None
) -> BehindFigure:
    """Return the tickets that a figure counts, those with the worst values first.

    :param kpi: the name of the KPI.
    :param by: how the report is grouped.
    :param group: only the tickets of this group of the report.
    :raises RefusedError: if there is no such KPI.
    """
    desk.require(Right.READ)
    if by is GroupBy.AGENT:
        desk.require(Right.SEE_COLLEAGUES)
    found = kpi_named(kpi)
    with desk.database.read() as session:
        values = compute.counted_tickets(_source(desk, session), found, period, by, group)
    worst_is_small = found.summary in (Summary.SHARE, Summary.MEAN) and found.more_is_better
    values.sort(key=lambda item: (item[1] if worst_is_small else -item[1], -item[0]))
    late: frozenset[int] = frozenset()
    if found.cohort is Cohort.BREACHES:
        late = frozenset(number for number, _ in values)
    elif found.cohort.clock is not None:
        late = frozenset(number for number, in_time in values if not in_time)
    return BehindFigure(tuple(number for number, _ in values), late)


def kpi_named(name: str) -> Kpi:
    """Return the KPI with that name.

    :raises RefusedError: if there is none.
    """
    for kpi in every_kpi():
        if kpi.name == name:
            return kpi
    known = ", ".join(kpi.name for kpi in every_kpi())
    raise RefusedError(f"there is no KPI {name[:40]!r}: known are {known}.")
