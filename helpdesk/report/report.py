"""What a report holds: figures by group, and how many tickets were logged."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.report.by import By
from helpdesk.report.kpi import Figure
from helpdesk.report.period import Period


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
