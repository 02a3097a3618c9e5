"""The data of a report: figures by group, and the number of tickets logged."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.report.by import GroupBy
from helpdesk.report.kpi import Figure
from helpdesk.report.period import ReportPeriod


@dataclass(frozen=True, slots=True)
class ReportGroup:
    """One group's figures, in the order of the KPIs."""

    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Volume:
    """The number of tickets logged for each value of a property, largest first."""

    by: GroupBy
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class KpiReport:
    """The KPIs of a period.

    :ivar total: the figures of all tickets together.
    :ivar groups: the figures of each group by ``by``; () without groups.
    :ivar volumes: the tickets logged, by each of ``groups.VOLUME_PROPERTIES``.
    """

    period: ReportPeriod
    made_at: datetime
    by: GroupBy | None
    total: ReportGroup
    groups: tuple[ReportGroup, ...]
    volumes: tuple[Volume, ...]
