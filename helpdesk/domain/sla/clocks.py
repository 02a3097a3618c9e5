"""The SLA clocks of a ticket: a fold over what happened to it.

What each event does, by the rules of the SLA clock:

- ``received`` starts all three clocks.
- ``responded`` meets the first response and begins a new round of the next update.  It does not
  meet an open round; only of one that is overdue is it kept as the answer that came late.  On a
  resolved ticket it begins a round, too: that runs from ``reopened`` on.
- ``pending_…`` rests the clocks that its reason pauses and lets the others run, so that a second
  reason takes the place of the first.  ``resumed`` ends it, whatever the reason.
- ``resolved`` meets every open clock, and ends pending.
- ``reopened`` takes that back for resolution and next update: they go on with the time used, and
  the time in between does not count.  A first response stays met.
- ``targets`` changes targets or calendar.  What was met stays as it stood.  An open clock is
  measured anew from its start, with its pauses kept; if that makes it overdue it is breached at
  that moment, or, if it rests then, when it runs again.  Where it names pauses, an open clock rests
  or runs by them from that moment on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.sla.clock import ClockName, Reading
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.events import ClockEvent, history
from helpdesk.domain.sla.pauses import DEFAULT_PAUSES, Pauses
from helpdesk.domain.sla.phase import Phase, Turn
from helpdesk.domain.sla.targets import Targets
from helpdesk.domain.sla.track import Track
from helpdesk.domain.support_hours import SupportCalendar


@dataclass(frozen=True, slots=True)
class TicketClocks:
    """All clocks of a ticket as an event left them."""

    event: ClockEvent
    phase: Phase
    tracks: Mapping[ClockName, Track]


def read_clocks(
    calendar: SupportCalendar,
    targets: Targets,
    events: Sequence[ClockEvent],
    now: datetime,
    pauses: Pauses = DEFAULT_PAUSES,
) -> dict[ClockName, Reading]:
    """Return how the clocks of a ticket stand at ``now`` (aware UTC).

    :param calendar: the support hours when the ticket was received.
    :param targets: what was promised then; a clock without target is not in the result.
    :param events: in any order; of one instant, in the order in which they happened.
    :raises RefusedError: naming the first event that makes no sense (see ``events.history``).
    """
    *_, last = run_clocks(calendar, targets, events, now, pauses)
    readings = {name: track.read(now) for name, track in last.tracks.items()}
    return {name: reading for name, reading in readings.items() if reading is not None}


def run_clocks(
    calendar: SupportCalendar,
    targets: Targets,
    events: Sequence[ClockEvent],
    now: datetime,
    pauses: Pauses = DEFAULT_PAUSES,
) -> Iterator[TicketClocks]:
    """Yield the clocks after each event and the time that passed until the next, or ``now``.

    :raises RefusedError: as :func:`read_clocks`.
    """
    ordered = history(events, now)
    received = ordered[0].at
    phase = Phase()
    tracks = {name: Track.start(calendar, targets.of(name), received) for name in ClockName}
    for event, until in zip(ordered, [*(later.at for later in ordered[1:]), now], strict=True):
        turn = Turn(event.at, before=phase, after=phase.after(event.kind))
        phase = turn.after
        pauses = event.pauses or pauses
        tracks = {
            name: _step(name, track, event, turn, pauses).pass_time(event.at, until)
            for name, track in tracks.items()
        }
        yield TicketClocks(event, phase, tracks)


def _step(name: ClockName, track: Track, event: ClockEvent, turn: Turn, pauses: Pauses) -> Track:
    match event.kind, name:
        case EventKind.RESPONDED, ClockName.FIRST_RESPONSE:
            return track.meet(event.at)
        case EventKind.RESPONDED, ClockName.NEXT_UPDATE:
            return track.new_round(event.at)
        case EventKind.TARGETS, _:
            target_s = event.targets.of(name) if event.targets else track.target_s
            promised = track.promise(event.calendar or track.calendar, target_s)
            return promised.follow(turn, pauses.of(name))
        case EventKind.REOPENED, ClockName.FIRST_RESPONSE:
            return track
    return track.follow(turn, pauses.of(name))
