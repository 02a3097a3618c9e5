"""How long a ticket was at each support level, and how often it came there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.escalation import Level
from helpdesk.domain.support_hours import SupportCalendar


@dataclass(frozen=True, slots=True)
class Stay:
    """The time at one level, all visits together; the time in which it was resolved left out.

    :ivar wall_s: seconds on the wall clock.
    :ivar support_s: those of them that were support time.
    :ivar visits: how often it came there.
    """

    level: Level
    wall_s: int
    support_s: int
    visits: int


def stays(
    moves: Sequence[tuple[datetime, Level]],
    rests: Sequence[tuple[datetime, datetime | None]],
    calendar: SupportCalendar,
    now: datetime,
) -> tuple[Stay, ...]:
    """Return the stays, in the order of the first visits.

    :param moves: when the ticket came to which level, the log first; aware UTC instants.
    :param rests: from when to when it was resolved or closed; None: it still is.
    :param calendar: the support hours in which the time counts.
    """
    wall: dict[Level, int] = {}
    support: dict[Level, int] = {}
    visits: dict[Level, int] = {}
    ends = [at for at, _ in moves[1:]]
    for (start, level), end in zip(moves, [*ends, now], strict=True):
        visits[level] = visits.get(level, 0) + 1
        for begins, until in _awake(start, max(start, end), rests):
            wall[level] = wall.get(level, 0) + int((until - begins).total_seconds())
            support[level] = support.get(level, 0) + calendar.elapsed(begins, until)
    return tuple(
        Stay(level, wall.get(level, 0), support.get(level, 0), count)
        for level, count in visits.items()
    )


def _awake(
    start: datetime, end: datetime, rests: Sequence[tuple[datetime, datetime | None]]
) -> list[tuple[datetime, datetime]]:
    """Return the parts of a span in which nothing rested."""
    parts = []
    at = start
    for begins, until in rests:
        if begins >= end or (until is not None and until <= at):
            continue
        if begins > at:
            parts.append((at, begins))
        at = end if until is None else min(end, until)
    if at < end:
        parts.append((at, end))
    return parts
