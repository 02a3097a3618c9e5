"""Adding up the values of tickets, for all tickets and for each group."""

from helpdesk.report.facts import Cohort, TicketFacts
from helpdesk.report.groups import Grouping
from helpdesk.report.kpi import Figure, Kpi, Measure, Tally
from helpdesk.report.report import ReportGroup, Volume


class KpiTallies:
    """Tallies of all KPIs, for all tickets and for each group."""

    def __init__(self, kpis: tuple[Kpi, ...], grouping: Grouping | None) -> None:
        self._kpis = kpis
        self._grouping = grouping
        # KPIs with the same measure share its values.
        self._measures: dict[Cohort, dict[Measure, bool]] = {cohort: {} for cohort in Cohort}
        for kpi in kpis:
            measures = self._measures[kpi.cohort]
            measures[kpi.measure] = measures.get(kpi.measure, False) or kpi.summary.needs_all
        self._all = self._tallies()
        self._groups: dict[object, dict[tuple[Cohort, Measure], Tally]] = {}

    def _tallies(self) -> dict[tuple[Cohort, Measure], Tally]:
        return {
            (cohort, measure): Tally(keep_all=keep_all)
            for cohort, measures in self._measures.items()
            for measure, keep_all in measures.items()
        }

    def add(self, cohort: Cohort, fact: TicketFacts) -> None:
        """Add the values of a ticket for all measures of its cohort."""
        group = None
        if self._grouping is not None:
            key = self._grouping.key(fact)
            group = self._groups.get(key)
            if group is None:
                group = self._groups[key] = self._tallies()
        for measure in self._measures[cohort]:
            value = measure(fact)
            if value is None:
                continue
            self._all[cohort, measure].add(value)
            if group is not None:
                group[cohort, measure].add(value)

    def total(self) -> ReportGroup:
        """Return the figures of all tickets."""
        return ReportGroup("all", self._figures(self._all))

    def groups(self) -> tuple[ReportGroup, ...]:
        """Return the figures of each group, sorted by name."""
        if self._grouping is None:
            return ()
        named = [
            ReportGroup(self._grouping.name(key), self._figures(tallies))
            for key, tallies in self._groups.items()
        ]
        return tuple(sorted(named, key=lambda group: group.name))

    def _figures(self, tallies: dict[tuple[Cohort, Measure], Tally]) -> tuple[Figure, ...]:
        return tuple(tallies[kpi.cohort, kpi.measure].figure(kpi) for kpi in self._kpis)


class VolumeCount:
    """Counts the tickets by one property."""

    def __init__(self, grouping: Grouping) -> None:
        self._grouping = grouping
        self._counts: dict[object, int] = {}

    def add(self, fact: TicketFacts) -> None:
        """Count a ticket."""
        key = self._grouping.key(fact)
        self._counts[key] = self._counts.get(key, 0) + 1

    def counted(self) -> Volume:
        """Return the counts, largest first."""
        ordered = sorted(self._counts.items(), key=lambda item: -item[1])
        return Volume(
            self._grouping.by, tuple((self._grouping.name(key), count) for key, count in ordered)
        )
