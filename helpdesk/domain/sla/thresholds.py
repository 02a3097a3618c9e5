"""The next alarm of a clock: which share of its target, and when.

A mark is the first instant at which a clock has used a share of its target.  It is recorded once:
a pause or an answer does not bring it again, but a promise that is changed so that the share is
reached later does, and so does each new round of a next update.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.domain.sla.alarms import BREACH
from helpdesk.domain.sla.track import Track

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Mark:
    """A share of a clock's target, and when it is used up.

    :ivar at: the instant that is recorded.
    :ivar acts_at: the first second in which it is true: a clock that is due at ``at`` is breached
        a second later, because what happens in that second is in time.
    :ivar due_at: when the clock is due, or was.
    """

    at: datetime
    percent: int
    due_at: datetime

    @property
    def acts_at(self) -> datetime:
        """When it is time to act."""
        return self.at + _SECOND if self.percent == BREACH else self.at


@dataclass(frozen=True, slots=True)
class Recorded:
    """A mark of the same clock that stands in the timeline."""

    at: datetime
    percent: int


def next_mark(
    track: Track,
    percents: Iterable[int],
    recorded: Sequence[Recorded],
    *,
    changed_at: datetime,
    rounds: bool,
) -> Mark | None:
    """Return the earliest mark that is not recorded yet, be it past or to come.

    A higher mark speaks for the lower ones: of several that a change of promise makes true at the
    same instant, only the highest is returned.

    :param track: the clock, as time until now has left it.
    :param changed_at: when what is promised was last changed, or else the beginning: a share that
        was used up only by the change counts from there.
    :param rounds: whether it is a clock that begins anew again and again (next update): only such
        a clock is breached more than once.
    """
    if track.target_s is None:
        return None
    reached = _not_recorded(track, track.target_s, percents, recorded, rounds=rounds)
    found = [(max(at, changed_at), percent) for at, percent in reached]
    if not found:
        return None
    earliest = min(at for at, _ in found)
    highest = max(percent for at, percent in found if at == earliest)
    due_at = track.counted.reached_at(track.calendar, track.target_s)
    return Mark(earliest, highest, due_at or earliest)


def _not_recorded(
    track: Track,
    target_s: int,
    percents: Iterable[int],
    recorded: Sequence[Recorded],
    *,
    rounds: bool,
) -> Iterator[tuple[datetime, int]]:
    """Yield when each share that no recorded mark speaks for is used up, if it ever is."""
    breached_before = any(one.percent == BREACH for one in recorded)
    for percent in percents:
        if percent == BREACH and breached_before and not rounds:
            continue
        at = _reached(track, target_s, percent, first=not breached_before)
        if at is not None and not any(_speaks_for(one, percent, at) for one in recorded):
            yield at, percent


def _reached(track: Track, target_s: int, percent: int, *, first: bool) -> datetime | None:
    if percent == BREACH and first and track.breached_at is not None:
        return track.breached_at  # true whatever came later: an answer, a longer target
    if track.met is not None:
        return None
    return track.counted.reached_at(track.calendar, target_s * percent // 100)


def _speaks_for(one: Recorded, percent: int, reached: datetime) -> bool:
    return one.percent >= percent and one.at >= reached
