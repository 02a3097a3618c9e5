"""Whether a ticket waits or is resolved: all that clocks need to know of its state."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.sla.event_kind import PENDING, EventKind


@dataclass(frozen=True, slots=True)
class Phase:
    """Where a ticket stands between two events.

    Events that overlap are passed over: ``resumed`` without pending, pending on a resolved
    ticket, a second ``resolved``, ``reopened`` of a ticket that is not resolved.

    :ivar pending: the reason for waiting, if it waits; a second reason takes the first one's place.
    """

    pending: EventKind | None = None
    resolved: bool = False

    def after(self, kind: EventKind) -> "Phase":
        """Return where it stands after an event of that kind."""
        if kind is EventKind.RESOLVED:
            return Phase(resolved=True)
        if self.resolved:
            return Phase() if kind is EventKind.REOPENED else self
        if kind in PENDING:
            return Phase(pending=kind)
        return Phase() if kind is EventKind.RESUMED else self


@dataclass(frozen=True, slots=True)
class Turn:
    """The step from one phase to the next, at an instant."""

    at: datetime
    before: Phase
    after: Phase

    @property
    def resolves(self) -> bool:
        """Whether the ticket becomes resolved."""
        return self.after.resolved and not self.before.resolved

    @property
    def reopens(self) -> bool:
        """Whether the ticket ceases to be resolved."""
        return self.before.resolved and not self.after.resolved
