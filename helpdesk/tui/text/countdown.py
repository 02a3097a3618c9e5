"""Format an SLA clock as a short countdown: a symbol and the remaining time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from helpdesk.desk.sla.views import ClockView
from helpdesk.domain.sla.clock import ClockName, ClockState
from helpdesk.domain.sla.countdown import countdown
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
    if not clock.open:
        late = clock.state is ClockState.BREACHED
        return CountdownText(
            CountdownStatus.BREACHED if late else CountdownStatus.MET, "late" if late else "met"
        )
    counting = clock.due_at is not None
    left = countdown(
        clock.calendar,
        state=clock.state,
        due_at=clock.due_at,
        remaining_s=clock.remaining_s,
        counting=counting,
        read_at=clock.read_at,
        now=now,
    )
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


def remaining_text(seconds: int) -> str:
    """Format seconds as ``0:14:32`` below an hour, else as ``27h 12m``.

    Negative numbers begin with ``−``.  Days are not used: of support time, a reader would not know
    whether a day has 24 hours or is a working day.
    """
    if abs(seconds) >= SpanUnit.HOUR:
        return span_text(seconds, HOURS_MINUTES, minus="−")
    minutes, rest = divmod(abs(seconds), SpanUnit.MINUTE)
    return f"{'−' if seconds < 0 else ''}0:{minutes:02}:{rest:02}"
