"""Computing a report: each cohort is read once, each ticket is asked every question once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.report.by import By
from helpdesk.report.facts import Cohort, Fact
from helpdesk.report.gather import gather
from helpdesk.report.groups import ALWAYS, Grouping, grouping
from helpdesk.report.kpi import Figure, Kpi, Measure, Tally
from helpdesk.report.kpis import every_kpi
from helpdesk.report.period import Part, Period


@dataclass(frozen=True, slots=True)
class Group:
    """One group's figures, in the order of the KPIs."""

    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Volume:
    """How many tickets were logged, by the values of one property, most first."""

    by: By
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The KPIs of a period.

    :ivar total: of all tickets together.
    :ivar groups: the same by ``by``; () if it was not asked for.
    :ivar volumes: the tickets logged, by each of ``groups.ALWAYS``.
    """

    period: Period
    made_at: datetime
    by: By | None
    total: Group
    groups: tuple[Group, ...]
    volumes: tuple[Volume, ...]


def compute(session: Session, period: Period, by: By | None, now: datetime) -> Report:
    """Return the report of a period, read in the session's one transaction."""
    kpis = every_kpi()
    split = grouping(session, by) if by is not None and not by.is_time else None
    volumes = [_Volume(grouping(session, one)) for one in ALWAYS]
    board = _Board(kpis, split)
    for cohort, fact in _facts(session, period, kpis, now):
        board.add(cohort, fact)
        if cohort is Cohort.LOGGED:
            for volume in volumes:
                volume.add(fact)
    groups = board.groups()
    if by is not None and by.is_time:
        groups = tuple(
            _part(session, part, now)
            for part in period.parts(Part(by.value))
            if part.start <= now  # what is to come has no figures
        )
    return Report(
        period, now, by, board.total(), groups, tuple(volume.counted() for volume in volumes)
    )


def behind(
    session: Session, kpi: Kpi, period: Period, by: By | None, group: str | None, now: datetime
) -> list[tuple[int, int]]:
    """Return (ticket, its answer) of every ticket that is counted in a figure.

    :param group: the name of one group by ``by``; None for all.
    """
    split = grouping(session, by) if by is not None and group is not None else None
    found: dict[int, int] = {}
    for fact in gather(session, kpi.cohort, *_ends(period), int(now.timestamp())):
        if split is not None and split.name(split.key(fact)) != group:
            continue
        answer = kpi.measure(fact)
        if answer is not None:
            # An outcome may come several times: the ticket is listed once.
            found[fact.number] = max(found.get(fact.number, 0), int(answer))
    return list(found.items())


def _ends(period: Period) -> tuple[int, int]:
    return int(period.start.timestamp()), int(period.end.timestamp())


def _facts(
    session: Session, period: Period, kpis: Iterable[Kpi], now: datetime
) -> Iterator[tuple[Cohort, Fact]]:
    for cohort in {kpi.cohort: None for kpi in kpis}:
        for fact in gather(session, cohort, *_ends(period), int(now.timestamp())):
            yield cohort, fact


def _part(session: Session, part: Period, now: datetime) -> Group:
    board = _Board(every_kpi(), None)
    for cohort, fact in _facts(session, part, every_kpi(), now):
        board.add(cohort, fact)
    return Group(part.label, board.total().figures)


class _Board:
    """Tallies of all KPIs, for all tickets and for each group."""

    def __init__(self, kpis: tuple[Kpi, ...], split: Grouping | None) -> None:
        self._kpis = kpis
        self._split = split
        # KPIs that ask the same share the answers.
        self._questions: dict[Cohort, dict[Measure, bool]] = {cohort: {} for cohort in Cohort}
        for kpi in kpis:
            asked = self._questions[kpi.cohort]
            asked[kpi.measure] = asked.get(kpi.measure, False) or kpi.summary.needs_all
        self._all = self._tallies()
        self._groups: dict[object, dict[tuple[Cohort, Measure], Tally]] = {}

    def _tallies(self) -> dict[tuple[Cohort, Measure], Tally]:
        return {
            (cohort, measure): Tally(keep_all=keep_all)
            for cohort, asked in self._questions.items()
            for measure, keep_all in asked.items()
        }

    def add(self, cohort: Cohort, fact: Fact) -> None:
        """Ask a ticket all questions of its cohort."""
        group = None
        if self._split is not None:
            key = self._split.key(fact)
            group = self._groups.get(key)
            if group is None:
                group = self._groups[key] = self._tallies()
        for measure in self._questions[cohort]:
            answer = measure(fact)
            if answer is None:
                continue
            self._all[cohort, measure].add(answer)
            if group is not None:
                group[cohort, measure].add(answer)

    def total(self) -> Group:
        """Return the figures of all tickets."""
        return Group("all", self._figures(self._all))

    def groups(self) -> tuple[Group, ...]:
        """Return the groups, by name."""
        if self._split is None:
            return ()
        named = [
            Group(self._split.name(key), self._figures(tallies))
            for key, tallies in self._groups.items()
        ]
        return tuple(sorted(named, key=lambda group: group.name))

    def _figures(self, tallies: dict[tuple[Cohort, Measure], Tally]) -> tuple[Figure, ...]:
        return tuple(tallies[kpi.cohort, kpi.measure].figure(kpi) for kpi in self._kpis)


class _Volume:
    def __init__(self, split: Grouping) -> None:
        self._split = split
        self._counts: dict[object, int] = {}

    def add(self, fact: Fact) -> None:
        key = self._split.key(fact)
        self._counts[key] = self._counts.get(key, 0) + 1

    def counted(self) -> Volume:
        ordered = sorted(self._counts.items(), key=lambda item: -item[1])
        return Volume(
            self._split.by, tuple((self._split.name(key), count) for key, count in ordered)
        )
