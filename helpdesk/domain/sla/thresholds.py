"""The next warning or breach of a clock: which share of its target, and when.

A threshold is the first instant at which a clock has used a share of its target.  It is recorded
once: a pause or an answer does not make it count again.  It does count again if the target or the
calendar is changed so that the share is reached later, and in each new round of a next update.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.domain.sla.alarms import BREACH
from helpdesk.domain.sla.track import Track

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Threshold:
    """The instant at which a clock has used a share of its target.

    :ivar at: that instant, as it is recorded in the timeline.
    :ivar percent: the share.
    :ivar due_at: when the clock is or was due.
    """

    at: datetime
    percent: int
    due_at: datetime

    @property
    def acts_at(self) -> datetime:
        """The first second in which the warning or breach holds.

        A clock that is due at ``at`` is breached one second later, because an answer within the due
        second is in time.
        """
        return self.at + _SECOND if self.percent == BREACH else self.at


@dataclass(frozen=True, slots=True)
class RecordedThreshold:
    """A threshold of the same clock that the timeline records already."""

    at: datetime
    percent: int


def next_threshold(
    track: Track,
    percents: Iterable[int],
    recorded: Sequence[RecordedThreshold],
    *,
    changed_at: datetime,
    rounds: bool,
    since: datetime | None = None,
) -> Threshold | None:
    """Return the earliest threshold that is not recorded yet, in the past or the future.

    A higher threshold covers the lower ones: if a change of targets makes the clock reach several
    at the same instant, only the highest is returned.  None if there is no such threshold.

    :param track: the clock now.
    :param percents: the shares to look for, in percent.
    :param recorded: the thresholds of this clock in the timeline.
    :param changed_at: when the targets were last changed, or else when the ticket was received.  A
        share that was reached only because of the change counts from that time.
    :param rounds: whether the clock restarts with each answer (next update); only such a clock can
        be breached more than once.
    :param since: when the ticket was imported: what was reached until then is past; else None.
    """
    if track.target_s is None:
        return None
    reached = _not_recorded(track, track.target_s, percents, recorded, rounds=rounds)
    times = [(max(at, changed_at), percent) for at, percent in reached]
    found = [(at, percent) for at, percent in times if since is None or at > since]
    if not found:
        return None
    earliest = min(at for at, _ in found)
    highest = max(percent for at, percent in found if at == earliest)
    due_at = track.counted.reached_at(track.calendar, track.target_s)
    return Threshold(earliest, highest, due_at or earliest)


def _not_recorded(
    track: Track,
    target_s: int,
    percents: Iterable[int],
    recorded: Sequence[RecordedThreshold],
    *,
    rounds: bool,
) -> Iterator[tuple[datetime, int]]:
    """Yield (time, percent) of each share that is ever reached and not covered by ``recorded``."""
    breached_before = any(mark.percent == BREACH for mark in recorded)
    for percent in percents:
        if percent == BREACH and breached_before and not rounds:
            continue
        at = _reached(track, target_s, percent, first=not breached_before)
        if at is not None and not any(_covers(mark, percent, at) for mark in recorded):
            yield at, percent


def _reached(track: Track, target_s: int, percent: int, *, first: bool) -> datetime | None:
    if percent == BREACH and first and track.breached_at is not None:
        return track.breached_at  # a breach stays, whatever answer or longer target came later
    if track.met is not None or not track.is_in_force:
        return None
    return track.counted.reached_at(track.calendar, target_s * percent // 100)


def _covers(mark: RecordedThreshold, percent: int, reached: datetime) -> bool:
    return mark.percent >= percent and mark.at >= reached
