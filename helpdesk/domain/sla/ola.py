"""OLA clocks: how long a ticket may stay at a level (operational level agreement).

A level's clock starts when the ticket first arrives in its queue.  It is met when the ticket leaves
the queue or is resolved.  When the ticket returns to the level or is reopened, the clock runs again
with the time used before.  It counts the level's own support hours, or the customer's where the
level has none, and is paused whenever the customer's resolution clock is paused.  OLA clocks do not
affect the customer's clocks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.sla.clock import ClockReading
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.events import ClockEvent, history
from helpdesk.domain.sla.pauses import DEFAULT_PAUSES, Pauses
from helpdesk.domain.sla.phase import Phase, PhaseChange
from helpdesk.domain.sla.targets import require_target
from helpdesk.domain.sla.track import Track
from helpdesk.domain.support_hours import SupportCalendar


@dataclass(frozen=True, slots=True)
class QueueMove:
    """The ticket's arrival in a level's queue, at an aware UTC instant.

    The first move of a ticket is its arrival at the level that logged it.
    """

    at: datetime
    level: Level


@dataclass(frozen=True, slots=True)
class _OlaClocks:
    """The level of a ticket, and the clock of every level that it has been at."""

    calendar: SupportCalendar
    targets: Mapping[Level, int]
    hours: Mapping[Level, SupportCalendar]
    pausing: frozenset[EventKind]
    phase: Phase
    tracks: Mapping[Level, Track]
    level: Level | None = None

    def after_event(self, event: ClockEvent) -> "_OlaClocks":
        change = PhaseChange(event.at, before=self.phase, after=self.phase.after(event.kind))
        clocks = replace(self, phase=change.after)
        if event.kind is EventKind.TARGETS:
            clocks = clocks.with_targets_of(event)
        if self.level is None:
            return clocks
        return clocks.with_track(
            self.level, clocks.tracks[self.level].follow(change, clocks.pausing)
        )

    def after_move(self, move: QueueMove) -> "_OlaClocks":
        if move.level is self.level:
            return self
        clocks = replace(self, level=move.level)
        if self.level is not None:
            clocks = clocks.with_track(self.level, self.tracks[self.level].meet(move.at))
        track = self.tracks.get(move.level)
        if track is None:
            target_s = self.targets.get(move.level)
            calendar = self.hours.get(move.level, self.calendar)
            track = Track.start(calendar, target_s, move.at)
        elif not self.phase.resolved:
            track = track.reopen(move.at)
        if self.phase.resolved:
            return clocks.with_track(move.level, track.meet(move.at))
        paused = self.phase.pending in self.pausing
        return clocks.with_track(move.level, track.pause_or_run(move.at, paused=paused))

    def pass_time(self, since: datetime, until: datetime) -> "_OlaClocks":
        if self.level is None:
            return self
        return self.with_track(self.level, self.tracks[self.level].pass_time(since, until))

    def with_targets_of(self, event: ClockEvent) -> "_OlaClocks":
        calendar = event.calendar or self.calendar
        targets = self.targets if event.ola is None else event.ola
        hours = self.hours if event.ola_hours is None else event.ola_hours
        pausing = self.pausing if event.pauses is None else event.pauses.resolution
        tracks = {
            level: track.change_target(hours.get(level, calendar), targets.get(level), event.at)
            for level, track in self.tracks.items()
        }
        return replace(
            self, calendar=calendar, targets=targets, hours=hours, pausing=pausing, tracks=tracks
        )

    def with_track(self, level: Level, track: Track) -> "_OlaClocks":
        return replace(self, tracks={**self.tracks, level: track})


def read_ola(
    calendar: SupportCalendar,
    targets_by_level: Mapping[Level, int],
    moves: Sequence[QueueMove],
    events: Sequence[ClockEvent],
    now: datetime,
    pauses: Pauses = DEFAULT_PAUSES,
    hours: Mapping[Level, SupportCalendar] = MappingProxyType({}),
) -> dict[Level, ClockReading]:
    """Return the reading at ``now`` of each level's clock, for the levels that have a target.

    Only levels that the ticket has been at are included.  The parameters are those of
    :func:`run_ola`.
    """
    tracks = run_ola(calendar, targets_by_level, moves, events, now, pauses, hours)
    readings = {level: track.read(now) for level, track in tracks.items()}
    return {level: reading for level, reading in readings.items() if reading is not None}


def run_ola(
    calendar: SupportCalendar,
    targets_by_level: Mapping[Level, int],
    moves: Sequence[QueueMove],
    events: Sequence[ClockEvent],
    now: datetime,
    pauses: Pauses = DEFAULT_PAUSES,
    hours: Mapping[Level, SupportCalendar] = MappingProxyType({}),
) -> Mapping[Level, Track]:
    """Return the clock at ``now`` of each level that the ticket has been at.

    :param calendar: the customer's support hours when the ticket was received; they count at the
        levels that have none of their own.
    :param targets_by_level: the support seconds that each level was allowed at that time.
    :param moves: the ticket's moves in any order; the earliest is its arrival at the level that
        logged it.
    :param events: the ticket's events, as for ``clocks.read_clocks``; an event ``targets`` may
        change ``ola`` and ``ola_hours``.
    :param pauses: the reasons for waiting that pause the resolution pause these clocks too.
    :param hours: the support hours of each level that had its own at that time.
    :raises RefusedError: naming the index of the first invalid event or move, or if a target is
        negative or not a whole number.
    """
    *_rest, (_step, last) = ola_steps(calendar, targets_by_level, moves, events, now, pauses, hours)
    return last


def ola_steps(
    calendar: SupportCalendar,
    targets_by_level: Mapping[Level, int],
    moves: Sequence[QueueMove],
    events: Sequence[ClockEvent],
    now: datetime,
    pauses: Pauses = DEFAULT_PAUSES,
    hours: Mapping[Level, SupportCalendar] = MappingProxyType({}),
) -> Iterator[tuple[ClockEvent | QueueMove, Mapping[Level, Track]]]:
    """Yield the clocks after each event or move and the time until the next one or ``now``.

    The parameters are those of :func:`run_ola`.
    """
    for level, seconds in targets_by_level.items():
        require_target(seconds, f"ola.{level}")
    ordered = history(events, now)
    _require_valid(moves, ordered[0].at, now)
    clocks = _OlaClocks(calendar, targets_by_level, hours, pauses.resolution, Phase(), {})
    steps = list(_merged(ordered, moves))
    for step, until in zip(steps, [*(later.at for later in steps[1:]), now], strict=True):
        if isinstance(step, ClockEvent):
            clocks = clocks.after_event(step)
        else:
            clocks = clocks.after_move(step)
        clocks = clocks.pass_time(step.at, until)
        yield step, clocks.tracks


def _merged(
    events: Sequence[ClockEvent], moves: Sequence[QueueMove]
) -> Iterator[ClockEvent | QueueMove]:
    """Yield events and moves ordered by time; at one instant, the events first."""
    steps: list[ClockEvent | QueueMove] = [*events, *moves]
    yield from sorted(steps, key=lambda step: step.at)


def _require_valid(moves: Sequence[QueueMove], received: datetime, now: datetime) -> None:
    for index, move in enumerate(moves):
        if not received <= move.at <= now:
            raise RefusedError(
                f"moves[{index}]: the ticket reaches {move.level} at {move.at.isoformat()}, before "
                f"it was received or later than now, {now.isoformat()}."
            )
