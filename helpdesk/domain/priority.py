"""Impact × urgency → priority, after ITIL's priority matrix."""

from collections.abc import Mapping
from enum import StrEnum


class Impact(StrEnum):
    """How much of the business is affected: high = everybody or a site, low = one person."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Urgency(StrEnum):
    """How soon it must be solved: high = work has stopped, low = it can wait."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Priority(StrEnum):
    """The priority of a ticket; P1 is the most urgent."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


#: The common 3 × 3 matrix of the ITIL guidance, with its five priorities reduced to four.
MATRIX: dict[tuple[Impact, Urgency], Priority] = {
    (Impact.HIGH, Urgency.HIGH): Priority.P1,
    (Impact.HIGH, Urgency.MEDIUM): Priority.P2,
    (Impact.MEDIUM, Urgency.HIGH): Priority.P2,
    (Impact.HIGH, Urgency.LOW): Priority.P3,
    (Impact.MEDIUM, Urgency.MEDIUM): Priority.P3,
    (Impact.LOW, Urgency.HIGH): Priority.P3,
    (Impact.MEDIUM, Urgency.LOW): Priority.P4,
    (Impact.LOW, Urgency.MEDIUM): Priority.P4,
    (Impact.LOW, Urgency.LOW): Priority.P4,
}


def raise_priority(
    matrix: Mapping[tuple[Impact, Urgency], Priority], impact: Impact, urgency: Urgency
) -> tuple[Impact, Urgency] | None:
    """Return the impact and urgency that give a higher priority; None if there is none.

    The urgency is raised before the impact: a late ticket has become more urgent, while the number
    of people affected is the same.
    """
    before = matrix[impact, urgency]
    impacts, urgencies = list(Impact), list(Urgency)
    for higher_impact in reversed(impacts[: impacts.index(impact) + 1]):
        for higher_urgency in reversed(urgencies[: urgencies.index(urgency) + 1]):
            if matrix[higher_impact, higher_urgency] < before:
                return higher_impact, higher_urgency
    return None
