"""The stretches of wall time during which a clock was not paused."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.support_hours import SupportCalendar


@dataclass(frozen=True, slots=True)
class Counted:
    """Stretches of wall time, in order and apart; how much of them counts, a calendar says.

    They are kept, not their sum, so that another calendar can measure them anew.

    :ivar stretches: those that have ended, as (from, to).
    :ivar since: when the one that goes on began; None while paused.
    """

    stretches: tuple[tuple[datetime, datetime], ...] = ()
    since: datetime | None = None

    def run(self, at: datetime) -> "Counted":
        """Return it running from ``at`` on; as it is if it runs."""
        return self if self.since is not None else Counted(self.stretches, at)

    def stop(self, at: datetime) -> "Counted":
        """Return it stopped at ``at``; as it is if it rests."""
        if self.since is None:
            return self
        # A stretch without length would be a place to fall due at.
        ended = ((self.since, at),) if self.since < at else ()
        return Counted(self.stretches + ended)

    def elapsed(self, calendar: SupportCalendar, until: datetime) -> int:
        """Return the support seconds of all stretches, the running one up to ``until``."""
        total = sum(calendar.elapsed(start, end) for start, end in self.stretches)
        return total if self.since is None else total + calendar.elapsed(self.since, until)

    def due_at(self, calendar: SupportCalendar, target_s: int) -> datetime | None:
        """Return the first instant at which the support time reaches the target.

        It may lie in a stretch long ended, if the target or the calendar was changed since.
        None if it rests, or if the calendar never gives so much time.
        """
        return None if self.since is None else self.reached_at(calendar, target_s)

    def reached_at(self, calendar: SupportCalendar, seconds: int) -> datetime | None:
        """Return the first instant at which the support time reaches ``seconds``.

        None if it rests before that, or if the calendar never gives so much time.
        """
        left = seconds
        for start, end in self.stretches:
            elapsed = calendar.elapsed(start, end)
            if left <= elapsed:
                return calendar.add(start, left)
            left -= elapsed
        return None if self.since is None else calendar.add(self.since, left)
