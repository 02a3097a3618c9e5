"""Format an SLA clock as a short countdown: a symbol and the remaining time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from helpdesk.desk.sla.views import ClockView
from helpdesk.domain.sla.clock import ClockName, ClockState
from helpdesk.domain.sla.countdown import countdown
from helpdesk.domain.span import SpanUnit, span_text


class Mood(StrEnum):
    """How a countdown is displayed; each value has a symbol in addition to its colour."""

    OK = "ok"
    WARNING = "warning"
    BREACHED = "breached"
    PAUSED = "paused"
    MET = "met"


SYMBOLS = {
    Mood.OK: " ",
    Mood.WARNING: "◆",
    Mood.BREACHED: "▲",
    Mood.PAUSED: "⏸",
    Mood.MET: "✓",
}


@dataclass(frozen=True, slots=True)
class CountdownText:
    """The display of a clock at one moment."""

    mood: Mood
    text: str

    @property
    def symbol(self) -> str:
        """The symbol that goes with the text."""
        return SYMBOLS[self.mood]


def countdown_text(clock: ClockView, now: datetime) -> CountdownText:
    """Return the display of a clock at ``now``."""
    if not clock.open:
        late = clock.state is ClockState.BREACHED
        return CountdownText(Mood.BREACHED if late else Mood.MET, "late" if late else "met")
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
    text = left_text(left.remaining_s)
    # The next-update clock restarts after each update: an earlier breach no longer counts then.
    new_round = clock.name == ClockName.NEXT_UPDATE and left.remaining_s >= 0
    if left.state is ClockState.BREACHED and not new_round:
        return CountdownText(Mood.BREACHED, text)
    if not counting:
        return CountdownText(Mood.PAUSED, f"⏸ {text} left")
    warned = clock.warn_at is not None and clock.warn_at <= now
    mood = Mood.WARNING if warned else Mood.OK
    if left.resumes_at is not None:
        resumes = left.resumes_at.astimezone(clock.calendar.zone)
        return CountdownText(mood, f"{text} ⏸ {resumes:%a %H:%M}")
    return CountdownText(mood, text)


def left_text(seconds: int) -> str:
    """Format seconds as ``0:14:32`` below an hour, ``3h 12m`` below a day, else ``1d 2h``.

    Negative numbers begin with ``−``.
    """
    if abs(seconds) >= SpanUnit.HOUR:
        return span_text(seconds, minus="−")
    minutes, rest = divmod(abs(seconds), SpanUnit.MINUTE)
    return f"{'−' if seconds < 0 else ''}0:{minutes:02}:{rest:02}"
