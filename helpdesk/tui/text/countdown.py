"""Format an SLA clock as a short countdown: a symbol and the remaining time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from helpdesk.desk.sla.views import ClockView
from helpdesk.domain.i18n import _
from helpdesk.domain.sla.clock import ClockName, ClockStanding, ClockState
from helpdesk.domain.sla.countdown import Countdown, countdown
from helpdesk.domain.span import HOURS_MINUTES, SpanUnit, span_text
from helpdesk.tui.text.moments import moment_text


class CountdownStatus(StrEnum):
    """How a countdown is displayed; each value has a symbol in addition to its colour."""

    OK = "ok"
    WARNING = "warning"
    BREACHED = "breached"
    PAUSED = "paused"
    MET = "met"


SYMBOLS = {
    CountdownStatus.OK: " ",
    CountdownStatus.WARNING: "◆",
    CountdownStatus.BREACHED: "▲",
    CountdownStatus.PAUSED: "⏸",
    CountdownStatus.MET: "✓",
}


#: Two times that differ by less than this many seconds are the same to a reader.
_SAME_S = 2


@dataclass(frozen=True, slots=True)
class CountdownText:
    """The display of a clock at one moment."""

    status: CountdownStatus
    text: str

    @property
    def symbol(self) -> str:
        """The symbol that goes with the text."""
        return SYMBOLS[self.status]


def countdown_text(clock: ClockView, now: datetime) -> CountdownText:
    """Return the display of a clock at ``now``."""
    if clock.standing is ClockStanding.WITHDRAWN:
        return CountdownText(CountdownStatus.PAUSED, _("late, withdrawn"))
    if clock.open and clock.standing is ClockStanding.NOT_STARTED:
        return CountdownText(CountdownStatus.PAUSED, _("from the first reply"))
    if not clock.open:
        late = clock.state is ClockState.BREACHED
        return CountdownText(
            CountdownStatus.BREACHED if late else CountdownStatus.MET, "late" if late else "met"
        )
    counting = clock.due_at is not None
    left = _left(clock, now)
    text = remaining_text(left.remaining_s)
    # The next-update clock restarts after each update: an earlier breach no longer counts then.
    new_round = clock.name == ClockName.NEXT_UPDATE and left.remaining_s >= 0
    if left.remaining_s < 0 or (left.state is ClockState.BREACHED and not new_round):
        return CountdownText(CountdownStatus.BREACHED, text if counting else f"{text} ⏸")
    if not counting:
        return CountdownText(CountdownStatus.PAUSED, f"⏸ {text} left")
    warned = clock.warn_at is not None and clock.warn_at <= now
    status = CountdownStatus.WARNING if warned else CountdownStatus.OK
    if left.resumes_at is not None:
        return CountdownText(status, f"{text} ⏸ {moment_text(left.resumes_at, now)}")
    return CountdownText(status, text)


def _left(clock: ClockView, now: datetime) -> Countdown:
    return countdown(
        clock.calendar,
        state=clock.state,
        due_at=clock.due_at,
        remaining_s=clock.remaining_s,
        counting=clock.due_at is not None,
        read_at=clock.read_at,
        now=now,
    )


def due_text(clock: ClockView, now: datetime) -> CountdownText:
    """Return the display of a clock in a list that is sorted by due time.

    It shows what the list is sorted by: the time left, if support is open until then, or else the
    moment, because an hour of support time may be a day away.
    """
    shown = countdown_text(clock, now)
    if not clock.open or clock.due_at is None:
        return shown
    left = _left(clock, now)
    if abs((clock.due_at - now).total_seconds() - left.remaining_s) < _SAME_S:
        return shown
    rests = " ⏸" if left.resumes_at is not None and clock.due_at >= now else ""
    return CountdownText(shown.status, f"{moment_text(clock.due_at, now)}{rests}")


def remaining_text(seconds: int) -> str:
    """Format seconds as ``0:14:32`` below an hour, else as ``27h 12m``.

    Negative numbers begin with ``−``.  Days are not used: of support time, a reader would not know
    whether a day has 24 hours or is a working day.
    """
    if abs(seconds) >= SpanUnit.HOUR:
        return span_text(seconds, HOURS_MINUTES, minus="−")
    minutes, rest = divmod(abs(seconds), SpanUnit.MINUTE)
    return f"{'−' if seconds < 0 else ''}0:{minutes:02}:{rest:02}"
