"""What a requester's message about a closed ticket does: it reopens it, or makes a new ticket."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AfterClose:
    """The policy's setting ``[closing] after_close``.

    :ivar new_after_s: how long after a ticket was closed a message makes a new, linked ticket
        instead of reopening it, in seconds on the wall clock; None: it always reopens.
    """

    new_after_s: int | None = None

    def makes_new(self, closed_s: int) -> bool:
        """Whether a message makes a new ticket, so many seconds after the old one was closed."""
        return self.new_after_s is not None and closed_s >= self.new_after_s
