"""The SLA clocks of a ticket, computed from its events in order of time.

The effect of each event, by the rules of the SLA clock:

- ``received`` starts the first response and the resolution; the next update, too, if the targets
  say so.
- ``responded`` meets the first response and begins a round of the next update, which starts with
  the first one unless the targets say otherwise.  The next update itself is not met by it; if the
  round was overdue, the time of the answer is recorded as the late answer.  On a resolved ticket it
  begins a round as well, which runs after ``reopened``.  ``responded`` by taking the ticket only
  meets the first response of a ticket with nobody to answer (see ``first_response``).
- ``pending_…`` pauses the clocks that its reason pauses and lets the others run; a second reason
  replaces the first.  ``resumed`` ends the pause, whatever the reason.
- ``resolved`` ends pending, as ``resumed`` does, and then meets every open clock.
- ``reopened`` makes resolution and next update run again with the time used before; the time in
  between does not count.  A first response stays met.
- ``merged`` ends pending and every open clock, without meeting any: nobody was answered.  A breach
  stays, a clock that was in time is not shown any more.  ``reopened`` makes them run again.
- ``targets`` changes targets, calendar or pauses.  Clocks that were met do not change.  An open
  clock is measured again from its start by the new target and calendar, without the time when it
  was paused.  If that makes it overdue, it is breached at that moment or, if it is paused then,
  when it runs again.  New pauses apply to an open clock from that moment on.  A clock whose target
  is taken away is gone or, if it was breached, withdrawn: its figures are final.

An event may carry the outcomes that another program decided, for a ticket that was imported.  They
replace what was computed until then, and end with ``reopened``; a breach stays.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk.domain.sla.clock import ClockName, ClockReading
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.events import ClockEvent, history
from helpdesk.domain.sla.first_response import FirstResponseRule
from helpdesk.domain.sla.pauses import DEFAULT_PAUSES, Pauses
from helpdesk.domain.sla.phase import Phase, PhaseChange
from helpdesk.domain.sla.targets import Targets
from helpdesk.domain.sla.track import Track
from helpdesk.domain.support_hours import SupportCalendar


@dataclass(frozen=True, slots=True)
class TicketClocks:
    """All clocks of a ticket after an event and the time that followed it."""

    event: ClockEvent
    phase: Phase
    tracks: Mapping[ClockName, Track]


def read_clocks(
    calendar: SupportCalendar,
    targets: Targets,
    events: Sequence[ClockEvent],
    now: datetime,
    pauses: Pauses = DEFAULT_PAUSES,
) -> dict[ClockName, ClockReading]:
    """Return the readings of a ticket's clocks at ``now`` (aware UTC).

    :param calendar: the support hours when the ticket was received.
    :param targets: the targets at that time; a clock without a target is not in the result.
    :param events: the ticket's events in any order; those of one instant in the order in which
        they happened.
    :param pauses: which reasons for waiting paused which clock at that time.
    :raises RefusedError: naming the first invalid event (see ``events.history``).
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
    """Yield the clocks after each event and the time until the next one or ``now``.

    The parameters are those of :func:`read_clocks`.

    :raises RefusedError: as :func:`read_clocks`.
    """
    ordered = history(events, now)
    received = ordered[0].at
    phase = Phase()
    response = FirstResponseRule(targets.has_requester)
    tracks = {
        name: Track.start(
            calendar, targets.of(name), received, waits_for_answer=targets.waits_for_answer(name)
        )
        for name in ClockName
    }
    for event, until in zip(ordered, [*(later.at for later in ordered[1:]), now], strict=True):
        change = PhaseChange(event.at, before=phase, after=phase.after(event.kind))
        phase = change.after
        pauses = event.pauses or pauses
        tracks = {
            name: _after(name, track, event, change, pauses) for name, track in tracks.items()
        }
        response, tracks[ClockName.FIRST_RESPONSE] = response.apply(
            tracks[ClockName.FIRST_RESPONSE], event, resolved=phase.resolved
        )
        tracks = {
            name: _judged(name, track, event).pass_time(event.at, until)
            for name, track in tracks.items()
        }
        yield TicketClocks(event, phase, tracks)


def _judged(name: ClockName, track: Track, event: ClockEvent) -> Track:
    """Return a clock with the outcome that an event carries, if it carries one."""
    verdict = (event.verdicts or {}).get(name)
    return track if verdict is None else track.judge(verdict, event.at)


def _after(
    name: ClockName, track: Track, event: ClockEvent, change: PhaseChange, pauses: Pauses
) -> Track:
    """Return a clock after an event."""
    match event.kind, name:
        case EventKind.RESPONDED, ClockName.NEXT_UPDATE:
            return track if event.by_taking else track.restart(event.at)
        case EventKind.TARGETS, _:
            return _change_targets(name, track, event).follow(change, pauses.of(name))
        case EventKind.REOPENED, ClockName.FIRST_RESPONSE if track.ended_at is None:
            return track
    return track.follow(change, pauses.of(name))


def _change_targets(name: ClockName, track: Track, event: ClockEvent) -> Track:
    calendar = event.calendar or track.calendar
    if event.targets is None:
        return replace(track, calendar=calendar)
    waits = event.targets.waits_for_answer(name)
    changed = replace(track, waits_for_answer=waits)
    return changed.change_target(calendar, event.targets.of(name), event.at)
