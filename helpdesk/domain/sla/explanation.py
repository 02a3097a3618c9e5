"""The lines that explain a clock, collected step by step."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import islice, takewhile

from helpdesk.domain.i18n import _
from helpdesk.domain.sla.clock import ClockReading, ClockStanding, ClockState
from helpdesk.domain.sla.duration import duration_text
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.events import ClockEvent
from helpdesk.domain.sla.track import Track
from helpdesk.domain.sla.verdict import Verdict

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

#: A stretch over many spans of support hours shows this many of the first and last ones; those in
#: between are summed up in one line.
_FIRST_SPANS, _LAST_SPANS = 3, 2

#: The most holidays and special days that are named in one stretch.
_MOST_DAYS_OFF = 12

_BREACHED = "breached"

EVENT_TEXTS = {
    EventKind.RESPONDED: "answered",
    EventKind.PENDING_REQUESTER: "pending on the requester",
    EventKind.PENDING_VENDOR: "pending on a vendor",
    EventKind.PENDING_SCHEDULED: "pending until a date",
    EventKind.RESUMED: "resumed",
    EventKind.RESOLVED: "resolved",
    EventKind.REOPENED: "reopened",
    EventKind.TARGETS: "targets changed",
    EventKind.MERGED: "merged into another ticket",
}


@dataclass(frozen=True, slots=True)
class ExplanationLine:
    """One line of an explanation: an event, or a stretch of time.

    The last three fields are None for an event.

    :ivar at: the time of the event or the start of the stretch, in the calendar's own zone.
    :ivar until: the end of the stretch, in the calendar's own zone.
    :ivar counted_s: the support seconds in the stretch.
    :ivar total_s: the support seconds used until the end of the stretch.
    """

    at: datetime
    text: str
    until: datetime | None = None
    counted_s: int | None = None
    total_s: int | None = None


class Explanation:
    """Collects the lines that explain one clock, event by event."""

    def __init__(self, track: Track, begins: str = "received") -> None:
        """Begin with the clock after ``received``.

        :param begins: what began the clock, if it was something else.
        """
        self.lines: list[ExplanationLine] = []
        self._calendar = track.calendar
        self._since: datetime | None = track.started_at if track.is_in_force else None
        self._total_s = 0
        self._has_breach_line = False
        self._add_line(track.started_at, f"{begins}: {_target_text(track)}")

    def add_event(self, event: ClockEvent, before: Track, after: Track) -> None:
        """Add the time counted until an event and the effect of the event on the clock.

        Nothing is added for an event without effect.
        """
        words = _("taken") if event.by_taking else EVENT_TEXTS[event.kind]
        self.add_step(event.at, words, before, after, decided=event.verdicts is not None)

    def add_step(
        self, at: datetime, words: str, before: Track, after: Track, *, decided: bool = False
    ) -> None:
        """Add the time counted until ``at`` and the effect of what happened then.

        Nothing is added if it has no effect on the clock.

        :param words: what happened.
        :param decided: whether another program decided outcomes then.
        """
        if _is_unchanged(before, after):
            return
        self._add_counted(at, "counted")
        self._add_breach(before)
        if before.answers != after.answers or (before.answers and after.met and not before.met):
            self._add_round(before, at)
        if after.verdict is Verdict.KEPT and before.verdict is None:
            self._withdraw_breach()
        self._calendar = after.calendar
        self._total_s = after.counted.elapsed(after.calendar, at) if after.is_in_force else 0
        counts = after.counted.since is not None and after.is_in_force
        self._since = at if counts else None
        if before.verdict != after.verdict and after.verdict is not None:
            self._add_line(at, _verdict_text(after.verdict))
            self._has_breach_line |= after.verdict is Verdict.MISSED
        if before.met_at != after.met_at or not decided:
            self._add_line(at, f"{words}: {self._effect(before, after)}")

    def conclude(self, track: Track, reading: ClockReading, now: datetime) -> None:
        """Add the time counted until now, the clock's reading, and the time until it is due."""
        self._add_counted(now, "counted")
        self._add_breach(track)
        self._add_line(now, f"now: {self._result(track, reading)}")
        if reading.counting and reading.due_at is not None and reading.due_at > now:
            self._since = now
            self._add_counted(reading.due_at, "still to count")
            self._add_line(reading.due_at, f"due: {duration_text(reading.target_s)} are used up")
        # The line of a breach was added after the stretch in which it lies: move it to its time.
        # Compare time stamps, because local times of one zone compare by the wall clock, which
        # shows an hour twice in autumn.
        self.lines.sort(key=lambda line: line.at.timestamp())

    def _effect(self, before: Track, after: Track) -> str:
        used = f"{duration_text(self._total_s)} used"
        if before.answers != after.answers:
            return "a new round begins with nothing used"
        if (before.withdrawn is None) != (after.withdrawn is None):
            taken_away = after.withdrawn is not None
            return _("no target any more: breached, withdrawn") if taken_away else f"{used}"
        if before.standing != after.standing:
            return _target_text(after)
        if (before.calendar, before.target_s) != (after.calendar, after.target_s):
            return f"{_target_text(after)}; by that, {used}"
        if before.started_at != after.started_at:
            return _("there is somebody to answer: the clock starts with nothing used")
        if after.ended_at is not None:
            return f"the clock ends unmet, with {used}"
        if before.met_at != after.met_at:
            return f"met, with {used}" if after.met_at else f"the clock goes on with {used}"
        if after.counted.since is None:
            return f"the clock is paused with {used}"
        return f"the clock goes on with {used}"

    def _result(self, track: Track, reading: ClockReading) -> str:
        left = duration_text(abs(reading.remaining_s))
        if reading.standing is ClockStanding.NOT_STARTED:
            late = f"{_('breached once')}; " if reading.breached_at else ""
            return late + _("not started: it starts with the first answer, and has no due time")
        result = (
            f"{_state_text(track, reading)}; {duration_text(reading.elapsed_s)} of "
            f"{duration_text(reading.target_s)} used, "
            f"{left} {'left' if reading.remaining_s >= 0 else 'too much'}"
        )
        if not reading.counting:
            ended = track.has_ended or reading.standing is ClockStanding.WITHDRAWN
            return result if ended else f"{result}; no due time while the clock is paused"
        if reading.due_at is None:
            return f"{result}; never due, because the calendar has no more support time"
        if reading.resumes_at is not None:
            again = local_text(reading.resumes_at.astimezone(self._calendar.zone))
            result = f"{result}; outside support hours, counts again from {again}"
        due = local_text(reading.due_at.astimezone(self._calendar.zone))
        return f"{result}; due {due}"

    def _add_breach(self, track: Track) -> None:
        if track.breached_at is not None and not self._has_breach_line:
            self._has_breach_line = True
            self._add_line(track.breached_at, _BREACHED)

    def _withdraw_breach(self) -> None:
        """Leave out a breach by this desk's hours that the other program did not see."""
        self.lines = [line for line in self.lines if line.text != _BREACHED]
        self._has_breach_line = False

    def _add_round(self, track: Track, at: datetime) -> None:
        """Tell how the round of a next update that ends at ``at`` has come out."""
        if not track.is_in_force or track.met is not None or track.target_s is None:
            return
        due_at = track.counted.reached_at(track.calendar, track.target_s)
        is_late = due_at is not None and due_at < at
        text = (
            _("round {number} was late: {used} of {target} used")
            if is_late
            else _("round {number} was kept: {used} of {target} used")
        )
        self._add_line(
            at,
            text.format(
                number=track.answers + (not track.waits_for_answer),
                used=duration_text(self._total_s),
                target=duration_text(track.target_s),
            ),
        )

    def _add_counted(self, until: datetime, text: str) -> None:
        if self._since is None or until <= self._since:
            return
        self._add_days_off(self._since, until)
        spans = [
            (period.start, min(period.end, until))
            for period in takewhile(
                lambda period: period.start < until, self._calendar.periods(self._since)
            )
        ]
        if not spans:
            self._add_stretch(self._since, until, "outside support hours")
        middle = spans[_FIRST_SPANS:-_LAST_SPANS]
        if len(middle) < 2:
            middle = []
        for start, end in spans[:_FIRST_SPANS] if middle else spans:
            self._add_stretch(start, end, text)
        if middle:
            self._add_stretch(middle[0][0], middle[-1][1], f"{text} in {len(middle)} spans")
            for start, end in spans[-_LAST_SPANS:]:
                self._add_stretch(start, end, text)

    def _add_days_off(self, since: datetime, until: datetime) -> None:
        """Name the holidays and special days of a stretch that change its support hours."""
        zone = self._calendar.zone
        first, last = (at.astimezone(zone).date() for at in (since, until))
        for off in islice(self._calendar.days_off(first, last), _MOST_DAYS_OFF):
            at = max(datetime.combine(off.day, time.min, zone).astimezone(UTC), since)
            self._add_line(at, off.text)

    def _add_stretch(self, start: datetime, end: datetime, text: str) -> None:
        counted_s = self._calendar.elapsed(start, end)
        self._total_s += counted_s
        zone = self._calendar.zone
        self.lines.append(
            ExplanationLine(
                start.astimezone(zone), text, end.astimezone(zone), counted_s, self._total_s
            )
        )

    def _add_line(self, at: datetime, text: str) -> None:
        self.lines.append(ExplanationLine(at.astimezone(self._calendar.zone), text))


def local_text(at: datetime) -> str:
    """Return a local time with its weekday and zone: ``Tue 2024-01-02 10:00 CET``."""
    clock = f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
    return f"{_WEEKDAYS[at.weekday()]} {at:%Y-%m-%d} {clock} {at:%Z}"


def _target_text(track: Track) -> str:
    calendar = track.calendar
    hours = f"{calendar.week}, {calendar.timezone}"
    if track.target_s is None:
        return f"no target ({hours})"
    allowed = f"{duration_text(track.target_s)} of support time allowed ({hours})"
    if track.standing is ClockStanding.NOT_STARTED:
        return _("{allowed}; it starts with the first answer").format(allowed=allowed)
    return allowed


def _state_text(track: Track, reading: ClockReading) -> str:
    if reading.standing is ClockStanding.WITHDRAWN:
        return _("breached, withdrawn")
    if track.late_answer_at is None or reading.remaining_s < 0:
        return str(reading.state)
    # A late answer ended the round that was breached: this round is told by itself.
    state = ClockState.RUNNING if reading.counting else ClockState.PAUSED
    now = ClockState.MET if track.met is not None else state
    return _("{state}, an earlier round was late").format(state=now)


def _verdict_text(verdict: Verdict) -> str:
    if verdict is Verdict.KEPT:
        return _("imported: the other program says that its SLA was kept")
    return _("imported: the other program says that its SLA was missed")


def _is_unchanged(before: Track, after: Track) -> bool:
    """Whether an event had no effect on the clock; a breach after the event does not count."""
    return _shape(before) == _shape(after)


def _shape(track: Track) -> tuple[object, ...]:
    counts = track.counted if track.is_in_force else None
    return (
        *(track.calendar, track.target_s, track.started_at, counts, track.met_at),
        *(track.standing, track.answers, track.verdict),
    )
