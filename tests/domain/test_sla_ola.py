"""Rule 4: the OLA clocks of the levels."""

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.sla.clock import OLA, ClockName, ClockReading, ClockState, clock_title
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.events import ClockEvent
from helpdesk.domain.sla.ola import QueueMove, read_ola
from helpdesk.domain.support_hours import SupportCalendar

L1, L2, L3, _ = Level
NOON = datetime(2024, 1, 8, 12, 0, tzinfo=UTC)
ALWAYS = SupportCalendar.round_the_clock()
ALLOWED = {L1: 1800, L2: 3600}


def at(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)


def moves(*steps: tuple[float, Level]) -> list[QueueMove]:
    return [QueueMove(at(minute), level) for minute, level in steps]


def read(
    steps: list[QueueMove], now: float, *later: tuple[float, EventKind]
) -> dict[Level, ClockReading]:
    events = [ClockEvent(NOON, EventKind.RECEIVED)]
    events += [ClockEvent(at(minute), kind) for minute, kind in later]
    return read_ola(ALWAYS, ALLOWED, steps, events, at(now))


def test_it_starts_on_arrival_and_is_met_on_leaving() -> None:
    readings = read(moves((0, L1), (20, L2)), 30)
    assert readings[L1].state is ClockState.MET
    assert (readings[L1].met_at, readings[L1].elapsed_s) == (at(20), 20 * 60)
    assert readings[L2].state is ClockState.RUNNING
    assert (readings[L2].started_at, readings[L2].due_at) == (at(20), at(80))


def test_leaving_in_the_due_second_is_in_time_and_later_is_a_breach() -> None:
    assert read(moves((0, L1), (30, L2)), 40)[L1].state is ClockState.MET
    late = read(moves((0, L1), (31, L2)), 40)[L1]
    assert late.state is ClockState.BREACHED
    assert (late.breached_at, late.met_at) == (at(30), at(31))


def test_coming_back_goes_on_with_the_levels_earlier_time() -> None:
    reading = read(moves((0, L1), (20, L2), (50, L1)), 55)[L1]
    assert reading.state is ClockState.RUNNING
    assert reading.elapsed_s == 25 * 60
    assert reading.due_at == at(60)
    assert reading.met_at is None
    assert reading.started_at == at(0)


def test_resolved_meets_it_and_reopened_goes_on() -> None:
    steps = moves((0, L1))
    resolved = read(steps, 300, (20, EventKind.RESOLVED))[L1]
    assert (resolved.state, resolved.met_at) == (ClockState.MET, at(20))
    again = read(steps, 300, (20, EventKind.RESOLVED), (290, EventKind.REOPENED))[L1]
    assert again.due_at == at(300)


def test_it_is_paused_with_resolution_also_across_a_move() -> None:
    steps = moves((0, L1), (20, L2))
    waiting = read(steps, 200, (10, EventKind.PENDING_REQUESTER))
    assert waiting[L1].elapsed_s == 10 * 60
    assert waiting[L2].state is ClockState.PAUSED
    resumed = read(steps, 200, (10, EventKind.PENDING_REQUESTER), (150, EventKind.RESUMED))
    assert resumed[L2].due_at == at(210)


def test_coming_back_while_pending_leaves_it_paused() -> None:
    steps = moves((0, L1), (10, L2), (20, L1))
    reading = read(steps, 60, (15, EventKind.PENDING_REQUESTER))[L1]
    assert (reading.state, reading.elapsed_s) == (ClockState.PAUSED, 10 * 60)


def test_a_ticket_that_is_moved_while_resolved_counts_from_reopening() -> None:
    steps = moves((0, L1), (40, L2), (50, L1), (60, L2))
    readings = read(steps, 310, (20, EventKind.RESOLVED), (300, EventKind.REOPENED))
    assert readings[L1].elapsed_s == 20 * 60
    assert readings[L2].elapsed_s == 10 * 60


def test_coming_back_while_resolved_leaves_it_met_when_it_was() -> None:
    steps = moves((0, L1), (10, L2), (40, L1))
    assert read(steps, 50, (20, EventKind.RESOLVED))[L1].met_at == at(10)


def test_an_answer_and_a_move_to_the_same_level_change_nothing() -> None:
    plain = read(moves((0, L1)), 25)
    assert read(moves((0, L1), (10, L1)), 25, (5, EventKind.RESPONDED)) == plain


def test_a_level_without_target_has_no_clock() -> None:
    assert set(read(moves((0, L1), (10, L3)), 20)) == {L1}


def test_a_policy_change_measures_the_open_level_again() -> None:
    events = [
        ClockEvent(NOON, EventKind.RECEIVED),
        ClockEvent(at(25), EventKind.TARGETS, ola={L1: 600, L2: 1200}),
    ]
    readings = read_ola(ALWAYS, ALLOWED, moves((0, L1), (20, L2)), events, at(30))
    assert readings[L1].target_s == 1800
    assert readings[L2].due_at == at(40)


def test_a_new_calendar_counts_for_levels_too() -> None:
    closed = SupportCalendar.weekly("UTC", "closed")
    events = [
        ClockEvent(NOON, EventKind.RECEIVED),
        ClockEvent(at(10), EventKind.TARGETS, calendar=closed),
    ]
    readings = read_ola(ALWAYS, ALLOWED, moves((0, L1), (20, L2)), events, at(30))
    assert [reading.elapsed_s for reading in readings.values()] == [0, 0]


@pytest.mark.parametrize("minute", [-1, 51])
def test_a_move_outside_the_tickets_time_is_refused(minute: float) -> None:
    with pytest.raises(RefusedError, match=r"^moves\[1\]: the ticket reaches L2"):
        read(moves((0, L1), (minute, L2)), 50)


def test_a_target_must_be_whole_seconds() -> None:
    events = [ClockEvent(NOON, EventKind.RECEIVED)]
    with pytest.raises(RefusedError, match=r"^ola.L1: -1 is no allowed time"):
        read_ola(ALWAYS, {L1: -1}, [], events, NOON)
    with pytest.raises(RefusedError, match=r"^ola.L2: -1 is no allowed time"):
        ClockEvent(NOON, EventKind.TARGETS, ola={L2: -1})


def test_clocks_have_titles() -> None:
    assert clock_title(ClockName.FIRST_RESPONSE) == "first response"
    assert clock_title(OLA, L2) == "L2 OLA"
