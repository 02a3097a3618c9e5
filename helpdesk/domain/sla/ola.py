"""The levels' own clocks: how long a ticket may stay at one level (operational level agreement).

A level's clock starts when the ticket first arrives in its queue and is met when it leaves or the
ticket is resolved.  Coming back, or reopening, takes that back: it goes on with the time used
before.  It rests while resolution rests.  None of it touches what was promised to the customer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.sla.clock import Reading
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.events import ClockEvent, history
from helpdesk.domain.sla.pauses import DEFAULT_PAUSES, Pauses
from helpdesk.domain.sla.phase import Phase, Turn
from helpdesk.domain.sla.targets import require_target
from helpdesk.domain.sla.track import Track
from helpdesk.domain.support_hours import SupportCalendar


@dataclass(frozen=True, slots=True)
class QueueMove:
    """The ticket's arrival in a level's queue, at an aware UTC instant; the first is its log."""

    at: datetime
    level: Level


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where a ticket stands, and the clock of every level that it has been at."""

    calendar: SupportCalendar
    allowed: Mapping[Level, int]
    pausing: frozenset[EventKind]
    phase: Phase
    tracks: Mapping[Level, Track]
    level: Level | None = None

    def after_event(self, event: ClockEvent) -> "_Desk":
        turn = Turn(event.at, before=self.phase, after=self.phase.after(event.kind))
        desk = replace(self, phase=turn.after)
        if event.kind is EventKind.TARGETS:
            desk = desk.promise(event)
        if self.level is None:
            return desk
        return desk.put(self.level, desk.tracks[self.level].follow(turn, desk.pausing))

    def after_move(self, move: QueueMove) -> "_Desk":
        if move.level is self.level:
            return self
        desk = replace(self, level=move.level)
        if self.level is not None:
            desk = desk.put(self.level, self.tracks[self.level].meet(move.at))
        arrived = self.tracks.get(move.level)
        if arrived is None:
            target_s = self.allowed.get(move.level)
            arrived = Track.start(self.calendar, target_s, move.at)
        elif not self.phase.resolved:
            arrived = arrived.go_on(move.at)
        if self.phase.resolved:
            return desk.put(move.level, arrived.meet(move.at))
        rests = self.phase.pending in self.pausing
        return desk.put(move.level, arrived.rest_or_run(move.at, rests=rests))

    def pass_time(self, since: datetime, until: datetime) -> "_Desk":
        if self.level is None:
            return self
        return self.put(self.level, self.tracks[self.level].pass_time(since, until))

    def promise(self, event: ClockEvent) -> "_Desk":
        calendar = event.calendar or self.calendar
        allowed = self.allowed if event.ola is None else event.ola
        pausing = self.pausing if event.pauses is None else event.pauses.resolution
        tracks = {
            level: track.promise(calendar, allowed.get(level))
            for level, track in self.tracks.items()
        }
        return replace(self, calendar=calendar, allowed=allowed, pausing=pausing, tracks=tracks)

    def put(self, level: Level, track: Track) -> "_Desk":
        return replace(self, tracks={**self.tracks, level: track})


def read_ola(
    calendar: SupportCalendar,
    targets_by_level: Mapping[Level, int],
    moves: Sequence[QueueMove],
    events: Sequence[ClockEvent],
    now: datetime,
    pauses: Pauses = DEFAULT_PAUSES,
) -> dict[Level, Reading]:
    """Return the clock of each level that the ticket has been at, if the level has a target.

    The arguments are those of :func:`run_ola`.
    """
    tracks = run_ola(calendar, targets_by_level, moves, events, now, pauses)
    readings = {level: track.read(now) for level, track in tracks.items()}
    return {level: reading for level, reading in readings.items() if reading is not None}


def run_ola(
    calendar: SupportCalendar,
    targets_by_level: Mapping[Level, int],
    moves: Sequence[QueueMove],
    events: Sequence[ClockEvent],
    now: datetime,
    pauses: Pauses = DEFAULT_PAUSES,
) -> Mapping[Level, Track]:
    """Return the track of each level that the ticket has been at.

    :param calendar: the support hours when the ticket was received.
    :param targets_by_level: the seconds of support time allowed then.
    :param moves: in any order; the first is the arrival at the level that logged it.
    :param events: the ticket's, as for ``read_clocks``; ``targets`` may change ``ola``.
    :raises RefusedError: if events or moves make no sense: naming the place of the first that
        does not, or if a target is negative or no whole number.
    """
    for level, seconds in targets_by_level.items():
        require_target(seconds, f"ola.{level}")
    ordered = history(events, now)
    _require_sense(moves, ordered[0].at, now)
    desk = _Desk(calendar, targets_by_level, pauses.resolution, Phase(), {})
    steps = list(_merged(ordered, moves))
    for step, until in zip(steps, [*(later.at for later in steps[1:]), now], strict=True):
        desk = desk.after_event(step) if isinstance(step, ClockEvent) else desk.after_move(step)
        desk = desk.pass_time(step.at, until)
    return desk.tracks


def _merged(
    events: Sequence[ClockEvent], moves: Sequence[QueueMove]
) -> Iterator[ClockEvent | QueueMove]:
    """Yield both in the order of time; of one instant, the events first."""
    steps: list[ClockEvent | QueueMove] = [*events, *moves]
    yield from sorted(steps, key=lambda step: step.at)


def _require_sense(moves: Sequence[QueueMove], received: datetime, now: datetime) -> None:
    for place, move in enumerate(moves):
        if not received <= move.at <= now:
            raise RefusedError(
                f"moves[{place}]: the ticket reaches {move.level} at {move.at.isoformat()}, before "
                f"it was received or later than now, {now.isoformat()}."
            )
