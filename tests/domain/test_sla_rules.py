"""The rules of the SLA clock, one by one, with their edge cases.

Most examples use a 24/7 calendar and count minutes from noon on a Monday.
"""

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.sla.clock import ClockName, ClockReading, ClockState
from helpdesk.domain.sla.clocks import read_clocks
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.events import ClockEvent
from helpdesk.domain.sla.pauses import Pauses
from helpdesk.domain.sla.targets import Targets
from helpdesk.domain.support_hours import SupportCalendar

FIRST, UPDATE, RESOLUTION = ClockName
(RECEIVED, RESPONDED, REQUESTER, VENDOR, SCHEDULED, RESUMED, RESOLVED, REOPENED, TARGETS,
 MERGED) = EventKind  # fmt: skip

ALWAYS = SupportCalendar.round_the_clock()
OFFICE = SupportCalendar.weekly("Europe/Berlin", "mon-fri 09:00-17:00")
NOON = datetime(2024, 1, 8, 12, 0, tzinfo=UTC)
HOUR = Targets(first_response_s=3600, next_update_s=3600, resolution_s=3600)


def at(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)


def received(*later: tuple[float, EventKind]) -> list[ClockEvent]:
    return [ClockEvent(NOON, RECEIVED), *(ClockEvent(at(m), kind) for m, kind in later)]


def changed(minute: float, **targets: int) -> ClockEvent:
    changed = Targets(**targets)  # type: ignore[arg-type]  # only numbers are given
    return ClockEvent(at(minute), TARGETS, targets=changed)


def read(
    name: ClockName,
    events: list[ClockEvent],
    now: float,
    targets: Targets = HOUR,
    calendar: SupportCalendar = ALWAYS,
    pauses: Pauses | None = None,
) -> ClockReading:
    return read_clocks(calendar, targets, events, at(now), pauses or Pauses())[name]


class TestRule1SupportTime:
    def test_only_support_hours_count(self) -> None:
        # Noon UTC is 13:00 in Berlin: four hours remain today, and five are needed tomorrow.
        reading = read(RESOLUTION, received(), 24 * 60, Targets(resolution_s=9 * 3600), OFFICE)
        assert reading.elapsed_s == 8 * 3600
        assert reading.due_at == at(25 * 60)

    def test_a_ticket_of_the_night_is_due_after_the_morning(self) -> None:
        night = [ClockEvent(at(10 * 60), RECEIVED)]
        reading = read(RESOLUTION, night, 10 * 60, HOUR, OFFICE)
        assert reading.due_at == datetime(2024, 1, 9, 9, 0, tzinfo=UTC)

    def test_without_support_hours_nothing_is_ever_due(self) -> None:
        never = SupportCalendar.weekly("UTC", "closed")
        reading = read(RESOLUTION, received(), 10**6, HOUR, never)
        assert reading.due_at is None
        assert reading.resumes_at is None
        assert reading.state is ClockState.RUNNING
        assert reading.remaining_s == 3600


class TestRule2StartAndEnd:
    def test_the_first_public_answer_meets_first_response(self) -> None:
        reading = read(FIRST, received((20, RESPONDED), (30, RESPONDED)), 300)
        assert reading.state is ClockState.MET
        assert reading.met_at == at(20)
        assert reading.elapsed_s == 20 * 60
        assert reading.remaining_s == 40 * 60
        assert reading.due_at == at(60)

    def test_an_answer_does_not_touch_resolution(self) -> None:
        assert read(RESOLUTION, received((20, RESPONDED)), 30).due_at == at(60)

    def test_resolved_meets_resolution_and_an_open_first_response(self) -> None:
        for name in ClockName:
            reading = read(name, received((20, RESOLVED)), 300)
            assert reading.state is ClockState.MET
            assert reading.met_at == at(20)

    def test_next_update_begins_a_round_with_each_answer(self) -> None:
        reading = read(UPDATE, received((20, RESPONDED), (50, RESPONDED)), 55)
        assert reading.state is ClockState.RUNNING
        assert reading.started_at == at(50)
        assert reading.elapsed_s == 5 * 60
        assert reading.due_at == at(110)
        assert reading.met_at is None

    def test_a_round_that_was_overdue_is_a_breach_for_ever(self) -> None:
        events = received((70, RESPONDED), (80, RESPONDED))
        reading = read(UPDATE, events, 90)
        assert reading.state is ClockState.BREACHED
        assert reading.breached_at == at(60)
        assert reading.met_at == at(70)
        assert reading.started_at == at(80)
        assert reading.due_at == at(140)
        assert reading.counting

    def test_resolved_meets_next_update_and_reopened_goes_on_with_it(self) -> None:
        events = received((20, RESPONDED), (30, RESOLVED))
        assert read(UPDATE, events, 300).met_at == at(30)
        again = read(UPDATE, [*events, ClockEvent(at(300), REOPENED)], 310)
        assert again.met_at is None
        assert again.elapsed_s == 20 * 60
        assert again.due_at == at(350)

    def test_an_answer_on_a_resolved_ticket_begins_the_round_that_reopened_runs(self) -> None:
        events = received((30, RESOLVED), (40, RESPONDED))
        assert read(UPDATE, events, 50).elapsed_s == 30 * 60
        again = read(UPDATE, [*events, ClockEvent(at(300), REOPENED)], 310)
        assert again.elapsed_s == 10 * 60
        assert again.started_at == at(40)

    def test_an_answer_after_resolving_late_is_not_the_late_answer(self) -> None:
        reading = read(UPDATE, received((70, RESOLVED), (80, RESPONDED)), 90)
        assert reading.breached_at == at(60)
        assert reading.met_at == at(70)


class TestDueSecond:
    def test_an_answer_in_that_second_is_in_time(self) -> None:
        reading = read(FIRST, received((60, RESPONDED)), 61)
        assert reading.state is ClockState.MET
        assert reading.breached_at is None
        assert reading.remaining_s == 0

    def test_in_that_second_it_still_runs_and_a_second_later_it_is_breached(self) -> None:
        reading = read(RESOLUTION, received(), 60)
        assert (reading.state, reading.remaining_s) == (ClockState.RUNNING, 0)
        reading = read(RESOLUTION, received(), 60 + 1 / 60)
        assert (reading.state, reading.remaining_s) == (ClockState.BREACHED, -1)
        assert reading.breached_at == reading.due_at == at(60)

    def test_a_late_answer_meets_a_breached_clock_and_the_breach_stays(self) -> None:
        reading = read(FIRST, received((70, RESPONDED)), 300)
        assert reading.state is ClockState.BREACHED
        assert reading.breached_at == at(60)
        assert reading.met_at == at(70)
        assert reading.remaining_s == -10 * 60
        assert not reading.counting

    def test_a_due_time_at_closing_passes_while_closed(self) -> None:
        four_hours = Targets(resolution_s=4 * 3600)
        assert read(RESOLUTION, received(), 4 * 60, four_hours, OFFICE).remaining_s == 0
        reading = read(RESOLUTION, received(), 4 * 60 + 1, four_hours, OFFICE)
        assert reading.state is ClockState.BREACHED
        assert reading.remaining_s == 0

    def test_no_time_allowed_is_due_at_once(self) -> None:
        at_once = Targets(first_response_s=0)
        assert read(FIRST, received((0, RESPONDED)), 9, at_once).state is ClockState.MET
        assert read(FIRST, received(), 9, at_once).breached_at == at(0)

    def test_no_time_allowed_falls_due_when_a_clock_that_never_ran_first_runs(self) -> None:
        events = received((0, REQUESTER), (10, RESUMED))
        reading = read(RESOLUTION, events, 10, Targets(resolution_s=0))
        assert (reading.due_at, reading.state) == (at(10), ClockState.RUNNING)


class TestRule3Pauses:
    def test_waiting_for_the_requester_pauses_resolution_and_next_update(self) -> None:
        for name in (UPDATE, RESOLUTION):
            reading = read(name, received((10, REQUESTER)), 500)
            assert reading.state is ClockState.PAUSED
            assert reading.due_at is None
            assert reading.elapsed_s == 10 * 60
            assert not reading.counting
            resumed = read(name, received((10, REQUESTER), (500, RESUMED)), 510)
            assert resumed.state is ClockState.RUNNING
            assert resumed.due_at == at(550)

    def test_nothing_pauses_first_response(self) -> None:
        everything = frozenset({REQUESTER, VENDOR, SCHEDULED})
        reading = read(FIRST, received((10, REQUESTER)), 70, pauses=Pauses(everything, everything))
        assert reading.breached_at == at(60)

    @pytest.mark.parametrize("reason", [VENDOR, SCHEDULED])
    def test_a_vendor_or_a_date_pauses_only_if_the_policy_says_so(self, reason: EventKind) -> None:
        events = received((10, reason))
        assert read(RESOLUTION, events, 20).state is ClockState.RUNNING
        policy = Pauses(resolution=frozenset({reason}))
        assert read(RESOLUTION, events, 20, pauses=policy).state is ClockState.PAUSED
        assert read(UPDATE, events, 20, pauses=policy).state is ClockState.RUNNING

    def test_a_second_reason_takes_the_place_of_the_first(self) -> None:
        reading = read(RESOLUTION, received((10, REQUESTER), (30, VENDOR)), 40)
        assert reading.state is ClockState.RUNNING
        assert reading.due_at == at(80)
        back = received((10, VENDOR), (30, REQUESTER), (50, RESUMED))
        assert read(RESOLUTION, back, 60).due_at == at(80)

    def test_pausing_in_the_due_second_is_no_breach_but_resuming_then_is(self) -> None:
        events = received((60, REQUESTER))
        assert read(RESOLUTION, events, 100).state is ClockState.PAUSED
        reading = read(RESOLUTION, [*events, ClockEvent(at(100), RESUMED)], 100)
        assert reading.breached_at == at(100)

    def test_a_breached_clock_that_is_paused_has_no_due_time(self) -> None:
        reading = read(RESOLUTION, received((70, REQUESTER)), 100)
        assert reading.state is ClockState.BREACHED
        assert reading.due_at is None
        assert reading.remaining_s == -10 * 60

    def test_resolving_ends_the_pause_first_so_that_there_is_a_due_time(self) -> None:
        reading = read(RESOLUTION, received((10, REQUESTER), (20, RESOLVED)), 100)
        assert reading.state is ClockState.MET
        assert reading.due_at == at(70)
        assert reading.elapsed_s == 10 * 60

    def test_resolving_a_waiting_ticket_is_as_resuming_and_resolving_it(self) -> None:
        for before in (
            received((10, REQUESTER)),
            received((70, REQUESTER)),
            [*received((30, REQUESTER)), changed(40, resolution_s=600)],
        ):
            resolved = ClockEvent(at(100), RESOLVED)
            resumed = [*before, ClockEvent(at(100), RESUMED), resolved]
            readings = read_clocks(ALWAYS, HOUR, [*before, resolved], at(200))
            assert readings == read_clocks(ALWAYS, HOUR, resumed, at(200))
            assert readings[RESOLUTION].due_at is not None

    def test_an_answer_while_waiting_begins_a_paused_round(self) -> None:
        events = received((10, REQUESTER), (20, RESPONDED))
        assert read(UPDATE, events, 30).state is ClockState.PAUSED
        resumed = read(UPDATE, [*events, ClockEvent(at(40), RESUMED)], 45)
        assert resumed.elapsed_s == 5 * 60
        assert resumed.due_at == at(100)


class TestRule5Changes:
    def test_a_new_target_is_measured_from_the_original_start_with_all_pauses(self) -> None:
        events = received((10, REQUESTER), (30, RESUMED))
        reading = read(RESOLUTION, [*events, changed(40, resolution_s=7200)], 50)
        assert reading.elapsed_s == 30 * 60
        assert reading.due_at == at(140)
        assert reading.started_at == at(0)

    def test_a_target_made_overdue_is_breached_at_the_change(self) -> None:
        reading = read(RESOLUTION, [*received(), changed(40, resolution_s=600)], 40)
        assert reading.state is ClockState.BREACHED
        assert reading.due_at == at(10)
        assert reading.breached_at == at(40)

    def test_a_target_made_overdue_while_paused_is_breached_when_it_resumes(self) -> None:
        events = [*received((30, REQUESTER)), changed(40, resolution_s=600)]
        assert read(RESOLUTION, events, 90).state is ClockState.PAUSED
        resumed = read(RESOLUTION, [*events, ClockEvent(at(100), RESUMED)], 100)
        assert resumed.breached_at == at(100)
        assert resumed.due_at == at(10)

    def test_a_target_that_falls_due_in_the_second_of_the_change_can_be_met_in_it(self) -> None:
        events = [*received(), changed(40, resolution_s=2400)]
        assert read(RESOLUTION, events, 40).state is ClockState.RUNNING
        met = [*events, ClockEvent(at(40), RESOLVED)]
        assert read(RESOLUTION, met, 50).state is ClockState.MET

    def test_what_was_met_stays_as_it_stood(self) -> None:
        events = [*received((20, RESPONDED)), changed(40, first_response_s=60)]
        reading = read(FIRST, events, 50)
        assert reading.state is ClockState.MET
        assert (reading.target_s, reading.due_at) == (3600, at(60))

    def test_a_breach_stays_recorded_under_a_longer_target(self) -> None:
        reading = read(RESOLUTION, [*received(), changed(70, resolution_s=7200)], 80)
        assert reading.state is ClockState.BREACHED
        assert reading.breached_at == at(60)
        assert reading.due_at == at(120)
        assert reading.remaining_s == 40 * 60

    def test_a_clock_without_target_disappears_unless_it_was_breached_or_met(self) -> None:
        withdrawn = [*received((20, RESPONDED)), changed(70)]
        readings = read_clocks(ALWAYS, HOUR, withdrawn, at(75))
        assert set(readings) == {FIRST, RESOLUTION}
        assert readings[FIRST].state is ClockState.MET
        assert readings[RESOLUTION].breached_at == at(60)
        assert readings[RESOLUTION].target_s == 3600

    def test_a_target_that_is_added_later_counts_from_the_original_start(self) -> None:
        events = [*received(), changed(20, resolution_s=3600)]
        reading = read(RESOLUTION, events, 30, Targets())
        assert reading.due_at == at(60)
        assert reading.elapsed_s == 30 * 60

    def test_a_new_calendar_measures_the_same_time_again(self) -> None:
        events = [*received(), ClockEvent(at(24 * 60), TARGETS, calendar=ALWAYS)]
        eight = Targets(resolution_s=30 * 3600)
        before = read(RESOLUTION, events[:1], 24 * 60, eight, OFFICE)
        after = read(RESOLUTION, events, 24 * 60, eight, OFFICE)
        assert before.elapsed_s == 8 * 3600
        assert after.elapsed_s == 24 * 3600
        assert after.due_at == at(30 * 60)

    def test_a_calendar_that_makes_it_overdue_breaches_it_at_the_change(self) -> None:
        events = [*received(), ClockEvent(at(24 * 60), TARGETS, calendar=ALWAYS)]
        reading = read(RESOLUTION, events, 24 * 60, Targets(resolution_s=9 * 3600), OFFICE)
        assert reading.breached_at == at(24 * 60)
        assert reading.due_at == at(9 * 60)


class TestRule6Reopening:
    def test_it_goes_on_with_the_time_used_and_without_the_time_resolved(self) -> None:
        events = received((20, RESOLVED), (200, REOPENED))
        reading = read(RESOLUTION, events, 210)
        assert reading.state is ClockState.RUNNING
        assert reading.met_at is None
        assert reading.elapsed_s == 30 * 60
        assert reading.due_at == at(240)

    def test_first_response_stays_met(self) -> None:
        reading = read(FIRST, received((20, RESOLVED), (200, REOPENED)), 210)
        assert reading.met_at == at(20)

    def test_a_breach_before_stays_and_the_answer_is_taken_back(self) -> None:
        reading = read(RESOLUTION, received((70, RESOLVED), (200, REOPENED)), 210)
        assert reading.state is ClockState.BREACHED
        assert reading.breached_at == at(60)
        assert reading.met_at is None
        assert reading.elapsed_s == 80 * 60

    def test_it_runs_even_if_it_was_resolved_while_pending(self) -> None:
        events = received((10, REQUESTER), (20, RESOLVED), (30, REOPENED))
        assert read(RESOLUTION, events, 40).due_at == at(80)

    def test_a_target_changed_while_resolved_holds_from_reopening_on(self) -> None:
        events = [*received((30, RESOLVED)), changed(40, resolution_s=600)]
        assert read(RESOLUTION, events, 50).target_s == 3600
        again = read(RESOLUTION, [*events, ClockEvent(at(60), REOPENED)], 60)
        assert again.target_s == 600
        assert again.breached_at == at(60)


class TestRule10WhenItCountsAgain:
    def test_outside_hours_it_says_when_counting_goes_on(self) -> None:
        ten = Targets(resolution_s=10 * 3600)
        reading = read(RESOLUTION, received(), 6 * 60, ten, OFFICE)
        assert reading.counting
        assert reading.resumes_at == datetime(2024, 1, 9, 8, 0, tzinfo=UTC)
        assert read(RESOLUTION, received(), 60, ten, OFFICE).resumes_at is None

    def test_a_clock_that_is_paused_or_met_does_not_resume_by_itself(self) -> None:
        for kind in (REQUESTER, RESOLVED):
            reading = read(RESOLUTION, received((10, kind)), 6 * 60, HOUR, OFFICE)
            assert reading.resumes_at is None


class TestEventsThatOverlap:
    @pytest.mark.parametrize(
        ("events", "same"),
        [
            ([(10, RESUMED)], []),
            ([(10, REOPENED)], []),
            ([(10, RESOLVED), (20, RESOLVED)], [(10, RESOLVED)]),
            ([(10, RESOLVED), (20, REQUESTER)], [(10, RESOLVED)]),
            (
                [(10, RESOLVED), (20, REQUESTER), (30, REOPENED)],
                [(10, RESOLVED), (30, REOPENED)],
            ),
            (
                [(10, REQUESTER), (20, REQUESTER), (30, RESUMED), (40, RESUMED)],
                [(10, REQUESTER), (30, RESUMED)],
            ),
        ],
    )
    def test_they_change_nothing(
        self, events: list[tuple[float, EventKind]], same: list[tuple[float, EventKind]]
    ) -> None:
        readings = read_clocks(ALWAYS, HOUR, received(*events), at(50))
        assert readings == read_clocks(ALWAYS, HOUR, received(*same), at(50))


class TestInvalidEvents:
    @pytest.mark.parametrize(
        ("events", "sentence"),
        [
            ([], "events: there are none"),
            ([ClockEvent(at(0), RESPONDED)], r"events\[0\]: 'responded' comes before"),
            (
                [ClockEvent(at(0), RECEIVED), ClockEvent(at(-1), RESPONDED)],
                r"events\[1\]: 'responded' comes before",
            ),
            (
                [ClockEvent(at(2), RECEIVED), ClockEvent(at(1), RECEIVED)],
                r"events\[0\]: the ticket is received a second time",
            ),
            (received((99, RESOLVED)), r"events\[1\]: 'resolved' at .* is later than now"),
            ([ClockEvent(at(99), RECEIVED)], r"events\[0\]: 'received' at .* is later than now"),
        ],
    )
    def test_it_is_refused_with_its_place(self, events: list[ClockEvent], sentence: str) -> None:
        with pytest.raises(RefusedError, match=f"^{sentence}"):
            read_clocks(ALWAYS, HOUR, events, at(50))

    @pytest.mark.parametrize("seconds", [-1, 1.5, 60.0, True, "60"])
    def test_a_target_must_be_whole_seconds(self, seconds: object) -> None:
        with pytest.raises(RefusedError, match=r"^resolution_s: .* is no allowed time"):
            Targets(resolution_s=seconds)  # type: ignore[arg-type]  # that is the point

    def test_events_need_no_order_but_those_of_one_instant_keep_theirs(self) -> None:
        events = received((10, REQUESTER), (10, RESUMED), (30, RESOLVED))
        readings = read_clocks(ALWAYS, HOUR, [events[3], *events[:3]], at(50))
        assert readings == read_clocks(ALWAYS, HOUR, events, at(50))
        assert readings[RESOLUTION].elapsed_s == 30 * 60


class TestMerging:
    """A merge ends the clocks without meeting them, because nobody was answered."""

    @staticmethod
    def names(events: list[ClockEvent], now: float) -> dict[str, ClockState]:
        readings = read_clocks(ALWAYS, HOUR, events, at(now), Pauses())
        return {str(name): reading.state for name, reading in readings.items()}

    def test_open_clocks_are_gone_and_met_ones_stay(self) -> None:
        assert self.names(received((20, MERGED)), 600) == {}
        answered = received((10, RESPONDED), (20, MERGED))
        assert self.names(answered, 600) == {"first_response": ClockState.MET}

    def test_a_breach_stays_and_grows_no_more(self) -> None:
        reading = read(RESOLUTION, received((90, MERGED)), 600)
        assert (reading.state, reading.met_at, reading.elapsed_s) == (
            *(ClockState.BREACHED, None, 90 * 60),
        )
        assert reading.due_at is None
        assert not reading.counting

    def test_a_change_of_targets_afterwards_changes_nothing(self) -> None:
        events = [*received((20, MERGED)), changed(30, resolution_s=60)]
        assert self.names(events, 600) == {}

    def test_reopening_goes_on_with_the_time_used_before(self) -> None:
        events = received((10, REQUESTER), (20, MERGED), (100, REOPENED))
        for name in (FIRST, RESOLUTION):
            reading = read(name, events, 110)
            assert reading.state is ClockState.RUNNING
        assert read(FIRST, events, 110).elapsed_s == 30 * 60
        assert read(RESOLUTION, events, 110).elapsed_s == 20 * 60
