"""Counting: each ticket is asked every question once, for the whole and for its group."""

from helpdesk.report.facts import Cohort, Fact
from helpdesk.report.groups import Grouping
from helpdesk.report.kpi import Figure, Kpi, Measure, Tally
from helpdesk.report.report import Group, Volume


class Board:
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


class VolumeCount:
    """Counts the tickets by one property."""

    def __init__(self, split: Grouping) -> None:
        self._split = split
        self._counts: dict[object, int] = {}

    def add(self, fact: Fact) -> None:
        """Count a ticket."""
        key = self._split.key(fact)
        self._counts[key] = self._counts.get(key, 0) + 1

    def counted(self) -> Volume:
        """Return the counts, most first."""
        ordered = sorted(self._counts.items(), key=lambda item: -item[1])
        return Volume(
            self._split.by, tuple((self._split.name(key), count) for key, count in ordered)
        )
