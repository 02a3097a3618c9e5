"""How long a ticket was at each support level, and how often it arrived there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.escalation import Level
from helpdesk.domain.support_hours import SupportCalendar


@dataclass(frozen=True, slots=True)
class LevelStay:
    """The time that a ticket spent at one level, summed over all visits.

    Time during which the ticket was resolved or closed does not count.

    :ivar wall_s: seconds on the wall clock.
    :ivar support_s: seconds of support time.
    :ivar visits: how often the ticket arrived at the level.
    """

    level: Level
    wall_s: int
    support_s: int
    visits: int


def stays(
    moves: Sequence[tuple[datetime, Level]],
    finished: Sequence[tuple[datetime, datetime | None]],
    calendar: SupportCalendar,
    now: datetime,
) -> tuple[LevelStay, ...]:
    """Return the stays, in the order of the first visits.

    :param moves: when the ticket arrived at which level, beginning with the level that logged it;
        aware UTC instants.
    :param finished: the periods in which the ticket was resolved or closed, in order, as (start,
        end); an end of None: it still is.
    :param calendar: the support hours in which ``support_s`` is counted.
    """
    wall: dict[Level, int] = {}
    support: dict[Level, int] = {}
    visits: dict[Level, int] = {}
    ends = [at for at, _ in moves[1:]]
    for (start, level), end in zip(moves, [*ends, now], strict=True):
        visits[level] = visits.get(level, 0) + 1
        for active_from, active_to in _active_parts(start, max(start, end), finished):
            wall_s = int((active_to - active_from).total_seconds())
            wall[level] = wall.get(level, 0) + wall_s
            support[level] = support.get(level, 0) + calendar.elapsed(active_from, active_to)
    return tuple(
        LevelStay(level, wall.get(level, 0), support.get(level, 0), count)
        for level, count in visits.items()
    )


def _active_parts(
    start: datetime, end: datetime, finished: Sequence[tuple[datetime, datetime | None]]
) -> list[tuple[datetime, datetime]]:
    """Return the parts of a period in which the ticket was not resolved or closed."""
    parts = []
    at = start
    for finished_at, reopened_at in finished:
        if finished_at >= end or (reopened_at is not None and reopened_at <= at):
            continue
        if finished_at > at:
            parts.append((at, finished_at))
        at = end if reopened_at is None else min(end, reopened_at)
    if at < end:
        parts.append((at, end))
    return parts
