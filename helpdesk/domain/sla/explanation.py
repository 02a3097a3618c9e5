"""The lines that explain a clock, as they are found step by step."""

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from helpdesk.domain.sla.clock import Reading
from helpdesk.domain.sla.duration import duration_text
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.events import ClockEvent
from helpdesk.domain.sla.track import Track

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

#: Of a stretch over more spans of support hours than these, the middle is told in one line.
_FIRST_SPANS, _LAST_SPANS = 3, 2

_HAPPENED = {
    EventKind.RESPONDED: "answered",
    EventKind.PENDING_REQUESTER: "pending on the requester",
    EventKind.PENDING_VENDOR: "pending on a vendor",
    EventKind.PENDING_SCHEDULED: "pending until a date",
    EventKind.RESUMED: "resumed",
    EventKind.RESOLVED: "resolved",
    EventKind.REOPENED: "reopened",
    EventKind.TARGETS: "promise changed",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line; a stretch of time has all fields, what happened at an instant the first two.

    :ivar at: when, in the calendar's own zone.
    :ivar until: the end of the stretch.
    :ivar counted_s: its support seconds.
    :ivar total_s: the support seconds used at its end.
    """

    at: datetime
    text: str
    until: datetime | None = None
    counted_s: int | None = None
    total_s: int | None = None


class Tale:
    """Collects the lines of one clock, given its tracks in the order of events."""

    def __init__(self, track: Track) -> None:
        """Begin with the track as ``received`` left it."""
        self.lines: list[Line] = []
        self._calendar = track.calendar
        self._since: datetime | None = track.started_at
        self._total_s = 0
        self._breach_told = False
        self._say(track.started_at, f"received: {_promise_text(track)}")

    def tell(self, event: ClockEvent, before: Track, after: Track) -> None:
        """Add what an event did to the clock, and what was counted until then."""
        if _same(before, after):
            return
        self._count(event.at, "counted")
        self._tell_breach(before)
        self._calendar = after.calendar
        self._total_s = after.counted.elapsed(after.calendar, event.at)
        self._since = event.at if after.counted.since is not None else None
        self._say(event.at, f"{_HAPPENED[event.kind]}: {self._effect(before, after)}")

    def conclude(self, track: Track, reading: Reading, now: datetime) -> None:
        """Add what was counted until now, how the clock stands, and what is still to come."""
        self._count(now, "counted")
        self._tell_breach(track)
        self._say(now, f"now: {self._result(track, reading)}")
        if reading.counting and reading.due_at is not None and reading.due_at > now:
            self._since = now
            self._count(reading.due_at, "still to count")
            self._say(reading.due_at, f"due: {duration_text(reading.target_s)} are used up")
        # A breach is known only with the stretch in which it lies: put it at its time.
        # Local times of one zone compare by the wall clock, which shows an hour twice in autumn.
        self.lines.sort(key=lambda line: line.at.timestamp())

    def _effect(self, before: Track, after: Track) -> str:
        used = f"{duration_text(self._total_s)} used"
        if (before.calendar, before.target_s) != (after.calendar, after.target_s):
            return f"{_promise_text(after)}; by that, {used}"
        if before.started_at != after.started_at:
            return "a new round begins with nothing used"
        if before.met_at != after.met_at:
            return f"met, with {used}" if after.met_at else f"the clock goes on with {used}"
        if after.counted.since is None:
            return f"the clock rests with {used}"
        return f"the clock goes on with {used}"

    def _result(self, track: Track, reading: Reading) -> str:
        left = duration_text(abs(reading.remaining_s))
        result = (
            f"{reading.state}; {duration_text(reading.elapsed_s)} of "
            f"{duration_text(reading.target_s)} used, "
            f"{left} {'left' if reading.remaining_s >= 0 else 'too much'}"
        )
        if not reading.counting:
            return result if track.met_at else f"{result}; no due time while the clock rests"
        if reading.due_at is None:
            return f"{result}; never due, for the calendar gives no more support time"
        if reading.resumes_at is not None:
            again = local_text(reading.resumes_at.astimezone(self._calendar.zone))
            result = f"{result}; outside support hours, counts again from {again}"
        due = local_text(reading.due_at.astimezone(self._calendar.zone))
        return f"{result}; due {due}"

    def _tell_breach(self, track: Track) -> None:
        if track.breached_at is not None and not self._breach_told:
            self._breach_told = True
            self._say(track.breached_at, "breached")

    def _count(self, until: datetime, text: str) -> None:
        if self._since is None or until <= self._since:
            return
        spans = [
            (period.start, min(period.end, until))
            for period in takewhile(
                lambda period: period.start < until, self._calendar.periods(self._since)
            )
        ]
        if not spans:
            self._stretch(self._since, until, "outside support hours")
        middle = spans[_FIRST_SPANS:-_LAST_SPANS]
        if len(middle) < 2:
            middle = []
        for start, end in spans[:_FIRST_SPANS] if middle else spans:
            self._stretch(start, end, text)
        if middle:
            self._stretch(middle[0][0], middle[-1][1], f"{text} in {len(middle)} spans")
            for start, end in spans[-_LAST_SPANS:]:
                self._stretch(start, end, text)

    def _stretch(self, start: datetime, end: datetime, text: str) -> None:
        counted_s = self._calendar.elapsed(start, end)
        self._total_s += counted_s
        zone = self._calendar.zone
        self.lines.append(
            Line(start.astimezone(zone), text, end.astimezone(zone), counted_s, self._total_s)
        )

    def _say(self, at: datetime, text: str) -> None:
        self.lines.append(Line(at.astimezone(self._calendar.zone), text))


def local_text(at: datetime) -> str:
    """Return a local time with its weekday and zone, ``Tue 2024-01-02 10:00 CET``."""
    clock = f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
    return f"{_WEEKDAYS[at.weekday()]} {at:%Y-%m-%d} {clock} {at:%Z}"


def _promise_text(track: Track) -> str:
    calendar = track.calendar
    hours = f"{calendar.week}, {calendar.timezone}"
    if track.target_s is None:
        return f"nothing is promised ({hours})"
    return f"{duration_text(track.target_s)} of support time allowed ({hours})"


def _same(before: Track, after: Track) -> bool:
    """Whether an event left the clock as it was (that a breach came later is no change)."""
    return (before.calendar, before.target_s, before.started_at, before.counted, before.met_at) == (
        after.calendar,
        after.target_s,
        after.started_at,
        after.counted,
        after.met_at,
    )
