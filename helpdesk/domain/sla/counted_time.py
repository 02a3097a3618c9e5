"""The stretches of wall time during which a clock was running."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.support_hours import SupportCalendar


@dataclass(frozen=True, slots=True)
class CountedTime:
    """The stretches of wall time during which a clock ran, in order and without overlaps.

    A calendar says how much of them is support time.  The stretches are stored instead of their
    sum, so that they can be measured again by another calendar.

    :ivar stretches: the stretches that have ended, as (start, end).
    :ivar since: when the current stretch began; None while the clock is paused.
    """

    stretches: tuple[tuple[datetime, datetime], ...] = ()
    since: datetime | None = None

    def run(self, at: datetime) -> "CountedTime":
        """Return the time with a stretch that begins at ``at``; unchanged if it is running."""
        return self if self.since is not None else CountedTime(self.stretches, at)

    def stop(self, at: datetime) -> "CountedTime":
        """Return the time with the current stretch ended at ``at``; unchanged if it is paused."""
        if self.since is None:
            return self
        # An empty stretch is dropped, else a target of 0 would be reached in it.
        ended = ((self.since, at),) if self.since < at else ()
        return CountedTime(self.stretches + ended)

    def elapsed(self, calendar: SupportCalendar, until: datetime) -> int:
        """Return the support seconds in all stretches; the current one counts up to ``until``."""
        total = sum(calendar.elapsed(start, end) for start, end in self.stretches)
        return total if self.since is None else total + calendar.elapsed(self.since, until)

    def due_at(self, calendar: SupportCalendar, target_s: int) -> datetime | None:
        """Return the first instant at which the support time reaches the target.

        It may lie in an earlier stretch, if the target or the calendar was changed since then.
        None if the clock is paused, or if the calendar never has enough support time.
        """
        return None if self.since is None else self.reached_at(calendar, target_s)

    def reached_at(self, calendar: SupportCalendar, seconds: int) -> datetime | None:
        """Return the first instant at which the support time reaches ``seconds``.

        None if the clock is paused before that, or if the calendar never has enough support time.
        """
        left = seconds
        for start, end in self.stretches:
            elapsed = calendar.elapsed(start, end)
            if left <= elapsed:
                return calendar.add(start, left)
            left -= elapsed
        return None if self.since is None else calendar.add(self.since, left)
