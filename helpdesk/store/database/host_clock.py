"""The host's clock, compared with the newest record of the audit trail.

A host's clock can be wrong: an empty battery, a virtual machine that was resumed, no NTP.  What is
entered with a clock that is behind would be older than it is, and late at once when the clock is
right again.  So:

- up to :data:`TOLERANCE` behind the newest record, the time stands still at that record until the
  clock has caught up: no clock of a ticket runs meanwhile, and nothing goes back;
- further behind, changes are refused until the clock is right, or until an administrator says that
  it is: a clock that once ran ahead leaves records in the future.

Hosts that share a desk differ by seconds, which nobody needs to know: :data:`UNNOTICED`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from helpdesk.domain.errors import UnavailableError

#: How far the clock may be behind without a word.
UNNOTICED = timedelta(minutes=1)
#: How far the clock may be behind without changes being refused.
TOLERANCE = timedelta(hours=1)


class HostClock:
    """The time for what is entered now.

    :param host: returns the host's time (UTC).
    :ivar newest: the time of the newest record when the desk was opened, or of a later one that was
        made through this object; None if there is none.
    """

    def __init__(self, host: Callable[[], datetime]) -> None:
        self.host = host
        self.newest: datetime | None = None

    def __call__(self) -> datetime:
        """Return the time for what is entered now (UTC)."""
        now = self.host()
        if self.newest is not None and timedelta(0) < self.newest - now <= TOLERANCE:
            return self.newest
        return now

    def problem(self) -> str:
        """Return how far the clock is behind the newest record, in a sentence; "" if it is not."""
        now = self.host()
        if self.newest is None or self.newest - now <= UNNOTICED:
            return ""
        effect = (
            "times stand still until it has caught up"
            if self.newest - now <= TOLERANCE
            else "changes are refused until it is right"
        )
        return (
            f"the host's clock ({now:%Y-%m-%d %H:%M} UTC) is {_length(self.newest - now)} behind "
            f"the newest record of the desk ({self.newest:%Y-%m-%d %H:%M}), {effect}: set it "
            "('timedatectl set-ntp true'), or if it is right, run 'helpdesk doctor "
            "--clock-is-right'."
        )

    def require_right(self) -> None:
        """Refuse a change if the clock is too far behind.

        :raises UnavailableError: with the problem, in a sentence.
        """
        if self.newest is not None and self.newest - self.host() > TOLERANCE:
            raise UnavailableError(self.problem())


def _length(span: timedelta) -> str:
    if span >= timedelta(days=2):
        return f"{span.days:,} days"
    minutes = round(span.total_seconds() / 60)
    return f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"
