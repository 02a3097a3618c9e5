"""Adding up the values of what counts, for all tickets and for each group."""

from array import array
from collections import Counter
from collections.abc import Sequence
from typing import Any

from helpdesk.report.facts import Cohort, Fact, LeftOut
from helpdesk.report.groups import Grouping
from helpdesk.report.kpi import Figure, Kpi, Measure, Values
from helpdesk.report.report import ReportGroup, Volume


class KpiTallies:
    """The values of all KPIs in a period and its parts, and in each group of the period."""

    def __init__(self, kpis: tuple[Kpi, ...], places: int, grouping: Grouping | None) -> None:
        """Begin with no values.

        :param places: the number of periods: the whole one and its parts.
        """
        self._kpis = kpis
        self._grouping = grouping
        # KPIs of one cohort with the same measure share its values.
        measures: dict[Cohort, dict[Measure, None]] = {cohort: {} for cohort in Cohort}
        for kpi in kpis:
            measures[kpi.cohort][kpi.measure] = None
        self._measures = {cohort: tuple(found) for cohort, found in measures.items()}
        self._places = [self._values() for _ in range(places)]
        self._groups: dict[object, dict[Cohort, Sequence[Values]]] = {}
        self._logged: Counter[tuple[Any, ...]] = Counter()

    def _values(self) -> dict[Cohort, Sequence[Values]]:
        return {
            cohort: tuple(Values(array("q"), Counter()) for _ in measures)
            for cohort, measures in self._measures.items()
        }

    def add(
        self,
        places: tuple[int, ...],
        cohort: Cohort,
        number: int,
        fact: Fact,
        groups: tuple[Any, ...],
        /,
    ) -> None:
        """Add the values of something that counts for all measures of its cohort.

        The parameters are those of ``counting.Sink``.
        """
        into = [self._places[place][cohort] for place in places]
        if cohort is Cohort.LOGGED and places[0] == 0:
            self._logged[groups] += 1
        if self._grouping is not None and places[0] == 0:
            key = self._grouping.key(groups)
            if key not in self._groups:
                self._groups[key] = self._values()
            into.append(self._groups[key][cohort])
        for at, measure in enumerate(self._measures[cohort]):
            value = measure(fact)
            if value.__class__ is LeftOut:
                for values in into:
                    values[at].left_out[value] += 1
            elif value is not None:
                for values in into:
                    values[at].counted.append(value)  # type: ignore[arg-type]

    def figures(self, place: int) -> tuple[Figure, ...]:
        """Return the figures of a period."""
        return self._figures(self._places[place])

    def groups(self) -> tuple[ReportGroup, ...]:
        """Return the figures of each group of the whole period, sorted by name."""
        if self._grouping is None:
            return ()
        named = [
            ReportGroup(self._grouping.name(key), self._figures(values))
            for key, values in self._groups.items()
        ]
        return tuple(sorted(named, key=lambda group: group.name))

    def _figures(self, values: dict[Cohort, Sequence[Values]]) -> tuple[Figure, ...]:
        return tuple(
            values[kpi.cohort][self._measures[kpi.cohort].index(kpi.measure)].figure(kpi)
            for kpi in self._kpis
        )

    def volume(self, grouping: Grouping) -> Volume:
        """Return the tickets logged in the whole period by a property, largest first."""
        counts: Counter[str] = Counter()
        for groups, count in self._logged.items():
            counts[grouping.name(grouping.key(groups))] += count
        return Volume(grouping.by, tuple(sorted(counts.items(), key=lambda each: -each[1])))
