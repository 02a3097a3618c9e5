"""The part of a ticket's state that matters to SLA clocks: whether it waits or has ended."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.sla.event_kind import PENDING, EventKind


@dataclass(frozen=True, slots=True)
class Phase:
    """Whether a ticket waits or has ended, between two events.

    Events that do not fit the phase are ignored: ``resumed`` without pending, pending on a resolved
    ticket, a second ``resolved``, ``reopened`` of a ticket that is not resolved.  A merged ticket
    is like a resolved one.

    :ivar pending: the reason for waiting; None: it does not wait.  A second reason replaces the
        first.
    :ivar merged: whether it was not resolved, but ended in favour of another ticket.
    """

    pending: EventKind | None = None
    resolved: bool = False
    merged: bool = False

    def after(self, kind: EventKind) -> "Phase":
        """Return the phase after an event of that kind."""
        if kind is EventKind.RESOLVED:
            return Phase(resolved=True)
        if kind is EventKind.MERGED and not self.resolved:
            return Phase(resolved=True, merged=True)
        if self.resolved:
            return Phase() if kind is EventKind.REOPENED else self
        if kind in PENDING:
            return Phase(pending=kind)
        return Phase() if kind is EventKind.RESUMED else self


@dataclass(frozen=True, slots=True)
class PhaseChange:
    """The change from one phase to the next at an event; both may be equal."""

    at: datetime
    before: Phase
    after: Phase

    @property
    def resolves(self) -> bool:
        """Whether the ticket becomes resolved, or ends by a merge."""
        return self.after.resolved and not self.before.resolved

    @property
    def reopens(self) -> bool:
        """Whether the ticket is opened again."""
        return self.before.resolved and not self.after.resolved
