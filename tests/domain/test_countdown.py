"""The countdown of a clock between two events equals a new reading of the clock."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.sla.clock import ClockState
from helpdesk.domain.sla.countdown import Countdown, countdown
from helpdesk.domain.support_hours import SupportCalendar

ROUND_THE_CLOCK = SupportCalendar.round_the_clock()
OFFICE = SupportCalendar.weekly("Europe/Berlin", "mon-fri 09:00-17:00")
FRIDAY_16 = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)  # 16:00 in Berlin
MONDAY_9 = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


def shown_at(
    calendar: SupportCalendar,
    target_s: int,
    now: datetime,
    *,
    state: ClockState = ClockState.RUNNING,
    counting: bool = True,
) -> Countdown:
    """Return the countdown at ``now`` of a clock that was read at FRIDAY_16."""
    return countdown(
        calendar,
        state=state,
        due_at=calendar.add(FRIDAY_16, target_s) if counting else None,
        remaining_s=target_s,
        counting=counting,
        read_at=FRIDAY_16,
        now=now,
    )


def test_a_second_of_support_time_is_a_second_less() -> None:
    shown = shown_at(ROUND_THE_CLOCK, 600, FRIDAY_16 + timedelta(seconds=1))
    assert shown == Countdown(ClockState.RUNNING, 599, None)


def test_the_due_second_itself_is_in_time_and_the_next_one_late() -> None:
    due = FRIDAY_16 + timedelta(seconds=600)
    assert shown_at(ROUND_THE_CLOCK, 600, due) == Countdown(ClockState.RUNNING, 0, None)
    late = shown_at(ROUND_THE_CLOCK, 600, due + timedelta(seconds=1))
    assert late == Countdown(ClockState.BREACHED, -1, None)


def test_over_a_weekend_it_stands_still_and_says_when_it_goes_on() -> None:
    saturday = FRIDAY_16 + timedelta(days=1)
    assert shown_at(OFFICE, 2 * 3600, saturday) == Countdown(ClockState.RUNNING, 3600, MONDAY_9)
    on_monday = shown_at(OFFICE, 2 * 3600, MONDAY_9 + timedelta(minutes=10))
    assert on_monday == Countdown(ClockState.RUNNING, 3000, None)


def test_a_clock_due_at_closing_time_is_late_as_soon_as_that_is_over() -> None:
    closed = FRIDAY_16 + timedelta(hours=1, seconds=1)
    assert shown_at(OFFICE, 3600, closed) == Countdown(ClockState.BREACHED, 0, MONDAY_9)


def test_a_clock_that_does_not_count_stays_as_it_was_read() -> None:
    for state in (ClockState.PAUSED, ClockState.MET, ClockState.BREACHED):
        later = shown_at(OFFICE, 42, FRIDAY_16 + timedelta(days=30), state=state, counting=False)
        assert later == Countdown(state, 42, None)


@given(target_s=st.integers(1, 400_000), steps=st.lists(st.integers(0, 200_000), max_size=6))
def test_a_countdown_in_steps_equals_a_direct_one(target_s: int, steps: list[int]) -> None:
    due = OFFICE.add(FRIDAY_16, target_s)
    at, remaining, state = FRIDAY_16, target_s, ClockState.RUNNING
    for step in steps:
        later = at + timedelta(seconds=step)
        shown = countdown(
            OFFICE,
            state=state,
            due_at=due,
            remaining_s=remaining,
            counting=True,
            read_at=at,
            now=later,
        )
        at, remaining, state = later, shown.remaining_s, shown.state
    direct = shown_at(OFFICE, target_s, at)
    assert (direct.state, direct.remaining_s) == (state, remaining)
