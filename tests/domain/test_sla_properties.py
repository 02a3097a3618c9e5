"""The SLA clocks against an oracle that simulates the ticket minute by minute.

The oracle shares no code with the clocks: it stores every minute during which a clock was running
and counts those minutes again for each calendar and target.  Events, targets and support hours are
on whole minutes here; the tests of the calendar show that counting is exact to the second.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.sla.clock import ClockName, ClockReading
from helpdesk.domain.sla.clocks import read_clocks
from helpdesk.domain.sla.countdown import countdown
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.events import ClockEvent
from helpdesk.domain.sla.explain import explain
from helpdesk.domain.sla.pauses import DEFAULT_PAUSES, Pauses
from helpdesk.domain.sla.targets import NextUpdateFrom, Targets
from helpdesk.domain.support_hours import SupportCalendar
from tests.domain.support_oracle import MINUTES, WINDOWS, Oracle, calendars
from tests.examples import examples

PENDING = (EventKind.PENDING_REQUESTER, EventKind.PENDING_VENDOR, EventKind.PENDING_SCHEDULED)
LATER = (
    EventKind.RESPONDED,
    EventKind.RESPONDED,
    *PENDING,
    EventKind.PENDING_REQUESTER,
    EventKind.RESUMED,
    EventKind.RESUMED,
    EventKind.RESOLVED,
    EventKind.REOPENED,
    EventKind.TARGETS,
)


@dataclass
class SlowClock:
    """A clock that stores every minute during which it ran."""

    name: ClockName
    open: list[bool]
    target: int | None
    start: int
    ran: list[int] = field(default_factory=list)
    spent: int = 0
    running: bool = True
    met: int | None = None
    late: int | None = None
    breached: int | None = None
    when_met: tuple[int, int | None, int | None, int] | None = None
    waits: bool = False
    answers: int = 0
    promised: bool = True
    when_withdrawn: tuple[int, int | None, int | None, int] | None = None

    @property
    def in_force(self) -> bool:
        return self.when_withdrawn is None and not (self.waits and not self.answers)

    def withdraw(self, now: int) -> None:
        if self.breached is not None and self.met is None and self.when_withdrawn is None:
            self.when_withdrawn = self.values(now)

    def values(self, now: int) -> tuple[int, int | None, int | None, int]:
        used = 0 if self.waits and not self.answers else self.used()
        return used, self.due(now), self.target, self.start

    def used(self) -> int:
        return sum(self.open[minute] for minute in self.ran)

    def due(self, now: int) -> int | None:
        """Return the first minute at which the time used reaches the target if nothing happens."""
        if not self.running or self.target is None or not self.in_force:
            return None
        used = 0
        for minute in chain(self.ran, range(now, MINUTES)):
            if used >= self.target:
                return minute
            used += self.open[minute]
            if used >= self.target:
                return minute + 1
        return None

    def stop_met(self, now: int) -> None:
        if self.met is None:
            self.when_met = self.values(now)
            self.met = now
            self.running = False

    def resume_and_stop(self, now: int) -> None:
        """End a pause, if there is one, and then meet the clock."""
        if self.met is None:
            self.running = True
            self.check_breach(now, over=False)
        self.stop_met(now)

    def check_breach(self, now: int, *, over: bool) -> None:
        """Record a breach: the target was reached before ``now``, or at ``now`` if that is over."""
        if self.running and self.breached is None and self.target is not None and self.in_force:
            if self.spent < self.target:
                return
            due = self.due(now)
            if due is not None and (due < now or (due == now and over)):
                self.breached = now


class SlowTicket:
    """Simulates a ticket minute by minute."""

    def __init__(
        self, hours: dict[SupportCalendar, list[bool]], pauses: Pauses, calendar: SupportCalendar
    ) -> None:
        self.hours = hours
        self.paused_by = {
            ClockName.FIRST_RESPONSE: frozenset[EventKind](),
            ClockName.NEXT_UPDATE: pauses.next_update,
            ClockName.RESOLUTION: pauses.resolution,
        }
        self.calendar = calendar
        self.clocks: list[SlowClock] = []
        self.pending: EventKind | None = None
        self.resolved = False
        self.asked = True
        self.taken = False
        self.met_by_taking = False

    def run(self, targets: Targets, events: Sequence[tuple[int, ClockEvent]], now: int) -> None:
        first = events[0][0]
        for name in ClockName:
            seconds = targets.of(name)
            minutes = None if seconds is None else seconds // 60
            slow = SlowClock(name, self.hours[self.calendar], minutes, first)
            slow.promised = seconds is not None
            slow.waits = name is ClockName.NEXT_UPDATE and _starts_late(targets)
            self.clocks.append(slow)
        self.asked = targets.has_requester
        for minute in range(first, now + 1):
            for at, event in events:
                if at == minute:
                    self.apply(event, minute)
                    for clock in self.clocks:
                        clock.spent = clock.used()
                        clock.check_breach(minute, over=False)
            for clock in self.clocks:
                clock.check_breach(minute, over=minute < now)
                if clock.running and minute < now:
                    clock.ran.append(minute)
                    clock.spent += clock.open[minute]

    def apply(self, event: ClockEvent, minute: int) -> None:
        for clock in self.clocks:
            if not event.by_taking:
                self.apply_to(clock, event, minute)
        if event.targets is not None:
            self.asked = event.targets.has_requester
        self.take(event, minute)
        if event.kind in PENDING and not self.resolved:
            self.pending = event.kind
        elif event.kind is EventKind.RESUMED:
            self.pending = None
        elif event.kind is EventKind.RESOLVED:
            self.pending, self.resolved = None, True
        elif event.kind is EventKind.REOPENED:
            self.resolved = False

    def take(self, event: ClockEvent, minute: int) -> None:
        """Let a claim meet the first response where there is nobody to answer."""
        response = self.clocks[0]
        if event.kind is EventKind.RESPONDED:
            self.taken |= event.by_taking
            self.met_by_taking &= event.by_taking
        now_resolved = self.resolved or event.kind is EventKind.RESOLVED
        if self.asked and self.met_by_taking and event.targets is not None and not now_resolved:
            self.met_by_taking = False
            response.met, response.when_met, response.running = None, None, True
            response.ran, response.start = [], minute
        decides = event.by_taking or event.targets is not None
        if decides and not self.asked and self.taken and response.met is None:
            self.met_by_taking = True
            response.stop_met(minute)

    def apply_to(self, clock: SlowClock, event: ClockEvent, minute: int) -> None:
        is_first = clock.name is ClockName.FIRST_RESPONSE
        if event.kind is EventKind.RESPONDED and is_first:
            clock.stop_met(minute)
        elif event.kind is EventKind.RESPONDED and clock.name is ClockName.NEXT_UPDATE:
            if clock.breached is not None and clock.met is None and clock.late is None:
                clock.late = minute
            clock.ran, clock.start = [], minute
            clock.answers += 1
        elif event.kind in PENDING and not self.resolved and clock.met is None:
            clock.running = event.kind not in self.paused_by[clock.name]
        elif event.kind is EventKind.RESUMED and clock.met is None:
            clock.running = True
        elif event.kind is EventKind.RESOLVED:
            clock.resume_and_stop(minute)
        elif event.kind is EventKind.REOPENED and self.resolved and not is_first:
            clock.met, clock.when_met, clock.running = None, None, True
            if not clock.promised:
                clock.withdraw(minute)
        elif event.kind is EventKind.TARGETS:
            self.change_targets(clock, event, minute)

    def change_targets(self, clock: SlowClock, event: ClockEvent, minute: int) -> None:
        if event.targets is not None:
            clock.waits = clock.name is ClockName.NEXT_UPDATE and _starts_late(event.targets)
            seconds = event.targets.of(clock.name)
            clock.promised = seconds is not None
            if not clock.promised:
                clock.withdraw(minute)
            else:
                clock.when_withdrawn = None
            if seconds is not None or clock.breached is None:
                clock.target = None if seconds is None else seconds // 60
        if event.calendar is not None:
            clock.open = self.hours[event.calendar]


def _starts_late(targets: Targets) -> bool:
    late = targets.next_update_from is NextUpdateFrom.FIRST_RESPONSE
    return late or not targets.has_requester


@dataclass(frozen=True)
class Case:
    """A random ticket in a window of days."""

    day: date
    calendar: SupportCalendar
    targets: Targets
    events: list[ClockEvent]
    pauses: Pauses
    now: int


_target = st.one_of(
    st.none(), st.integers(0, 600), st.sampled_from((0, 30, 60, 240, 480, 960)), st.integers(0, 60)
).map(lambda minutes: None if minutes is None else minutes * 60)
_targets = st.builds(
    Targets,
    *(_target, _target, _target),
    st.sampled_from(NextUpdateFrom),
    st.sampled_from((True, True, False)),
)
_reasons = st.frozensets(st.sampled_from(PENDING))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    timezone, day = draw(st.sampled_from(WINDOWS))
    choices = draw(st.lists(calendars(timezone, day), min_size=1, max_size=2))
    origin = Oracle(choices[0], day).start
    at = draw(st.integers(0, 4 * 1440))
    events = [ClockEvent(origin + timedelta(minutes=at), EventKind.RECEIVED)]
    steps = st.one_of(st.just(0), st.integers(0, 300), st.sampled_from((30, 60, 240, 480)))
    for kind in draw(st.lists(st.sampled_from(LATER), max_size=9)):
        at += draw(steps)
        takes = kind is EventKind.RESPONDED and draw(st.sampled_from((False, False, True)))
        event = ClockEvent(origin + timedelta(minutes=at), kind, by_taking=takes)
        if kind is EventKind.TARGETS:
            event = ClockEvent(
                event.at,
                kind,
                targets=draw(st.one_of(st.none(), _targets)),
                calendar=draw(st.one_of(st.none(), st.sampled_from(choices))),
            )
        events.append(event)
    at += draw(steps)
    pauses = draw(st.one_of(st.just(DEFAULT_PAUSES), st.builds(Pauses, _reasons, _reasons)))
    return Case(day, choices[0], draw(_targets), events, pauses, at)


@examples(150)
@given(case=cases())
def test_the_clocks_agree_with_the_oracle(case: Case) -> None:
    oracle = Oracle(case.calendar, case.day)
    used = {case.calendar, *(event.calendar for event in case.events if event.calendar)}
    slow = SlowTicket(
        {calendar: Oracle(calendar, case.day).open for calendar in used},
        case.pauses,
        case.calendar,
    )
    minutes = [(event.at - oracle.start) // timedelta(minutes=1) for event in case.events]
    slow.run(case.targets, list(zip(minutes, case.events, strict=True)), case.now)
    now = oracle.instant(case.now * 60)
    readings = read_clocks(case.calendar, case.targets, case.events, now, case.pauses)
    for clock in slow.clocks:
        ended = clock.when_withdrawn or clock.when_met
        used_min, due, target, start = ended or clock.values(case.now)
        if target is None:
            assert clock.name not in readings
            continue
        reading = readings[clock.name]
        assert reading.elapsed_s == used_min * 60
        assert reading.target_s == target * 60
        assert reading.remaining_s == (target - used_min) * 60
        assert reading.started_at == oracle.instant(start * 60)
        counting = clock.running and clock.in_force
        assert reading.counting is counting
        _assert_at(oracle, reading.breached_at, clock.breached)
        met = clock.met if clock.when_withdrawn is None else None
        _assert_at(oracle, reading.met_at, met if clock.late is None else clock.late)
        if due is None and counting and reading.due_at is not None:
            assert reading.due_at > oracle.instant(MINUTES * 60)
        elif ended is None or due is not None:
            _assert_at(oracle, reading.due_at, due)
        _assert_state(reading, clock)
        is_outside_hours = counting and not clock.open[case.now]
        if not is_outside_hours:
            assert reading.resumes_at is None
        elif True in clock.open[case.now :]:
            _assert_at(oracle, reading.resumes_at, clock.open.index(True, case.now))


def _assert_at(oracle: Oracle, found: object, minute: int | None) -> None:
    assert found == (None if minute is None else oracle.instant(minute * 60))


def _assert_state(reading: ClockReading, clock: SlowClock) -> None:
    if clock.breached is not None:
        assert reading.state == "breached"
    elif clock.met is not None:
        assert reading.state == "met"
    else:
        counting = clock.running and clock.in_force
        assert reading.state == ("running" if counting else "paused")


@examples(60)
@given(case=cases(), later=st.integers(0, 3000))
def test_a_countdown_is_what_reading_again_would_say(case: Case, later: int) -> None:
    now = Oracle(case.calendar, case.day).instant(case.now * 60)
    then = now + timedelta(minutes=later)
    again = read_clocks(case.calendar, case.targets, case.events, then, case.pauses)
    calendar = case.calendar
    for event in case.events:
        calendar = event.calendar or calendar
    for name, read in read_clocks(
        case.calendar, case.targets, case.events, now, case.pauses
    ).items():
        shown = countdown(
            calendar,
            state=read.state,
            due_at=read.due_at,
            remaining_s=read.remaining_s,
            counting=read.counting,
            read_at=now,
            now=then,
        )
        assert shown.state == again[name].state
        assert shown.remaining_s == again[name].remaining_s
        assert shown.resumes_at == again[name].resumes_at


@examples(60)
@given(case=cases())
def test_an_explanation_adds_up_to_what_is_read(case: Case) -> None:
    now = Oracle(case.calendar, case.day).instant(case.now * 60)
    readings = read_clocks(case.calendar, case.targets, case.events, now, case.pauses)
    for name, reading in readings.items():
        lines = explain(case.calendar, case.targets, case.events, now, name, case.pauses)
        assert lines == sorted(lines, key=lambda line: line.at.timestamp())
        off = ("breached", "holiday", "special day")
        others = [line for line in lines if not line.text.startswith(off)]
        before = others[[line.text.startswith("now:") for line in others].index(True) - 1]
        if before.total_s is not None:
            assert before.total_s == reading.elapsed_s
        if lines[-1].text.startswith("due"):
            assert others[-2].total_s == reading.target_s
            # Python never treats times of two zones as equal in the repeated hour: compare stamps.
            assert reading.due_at is not None
            assert lines[-1].at.timestamp() == reading.due_at.timestamp()
