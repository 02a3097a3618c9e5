"""Format an SLA clock as a short countdown: a symbol and the remaining time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from helpdesk.desk.sla.views import ClockView
from helpdesk.domain.sla.clock import ClockName, ClockState
from helpdesk.domain.sla.countdown import countdown
from helpdesk.domain.span import SpanUnit, span_text


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
    if left.state is ClockState.BREACHED and not new_round:
        return CountdownText(CountdownStatus.BREACHED, text if counting else f"{text} ⏸")
    if not counting:
        return CountdownText(CountdownStatus.PAUSED, f"⏸ {text} left")
    warned = clock.warn_at is not None and clock.warn_at <= now
    status = CountdownStatus.WARNING if warned else CountdownStatus.OK
    if left.resumes_at is not None:
        resumes = left.resumes_at.astimezone(clock.calendar.zone)
        return CountdownText(status, f"{text} ⏸ {resumes:%a %H:%M}")
    return CountdownText(status, text)


def remaining_text(seconds: int) -> str:
    """Format seconds as ``0:14:32`` below an hour, ``3h 12m`` below a day, else ``1d 2h``.

    Negative numbers begin with ``−``.
    """
    if abs(seconds) >= SpanUnit.HOUR:
        return span_text(seconds, minus="−")
    minutes, rest = divmod(abs(seconds), SpanUnit.MINUTE)
    return f"{'−' if seconds < 0 else ''}0:{minutes:02}:{rest:02}"
