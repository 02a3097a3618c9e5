"""What is odd about a ticket of another program, and about a whole file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from helpdesk.domain.escalation import Level
from helpdesk.domain.ticket import FINISHED_STATES
from helpdesk.exchange.source import SourceTicket

#: Which time must not be before which.
_ORDER = (
    ("responded_at", "created_at"),
    ("resolved_at", "created_at"),
    ("closed_at", "created_at"),
    ("first row", "created_at"),
    ("first comment", "created_at"),
    ("closed_at", "resolved_at"),
)
#: From so many tickets on, equal times are no chance.
_MANY = 3
_AT_ONCE = timedelta(minutes=1)
_KEPT = 20


def odd_times(times: Mapping[str, datetime | None]) -> tuple[str, ...]:
    """Return the times of a ticket that cannot be, as clauses without a full stop."""
    found = []
    for name, earlier in _ORDER:
        at, before = times[name], times[earlier]
        if at is not None and before is not None and at < before:
            found.append(f"its {name} ({_text(at)}) is before its {earlier} ({_text(before)})")
    return tuple(found)


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


@dataclass(slots=True)
class FileOddities:
    """Collects what is odd about all tickets of a file together."""

    by_states: bool
    tickets: int = 0
    first: datetime | None = None
    last: datetime | None = None
    resolved: int = 0
    resolved_at_once: int = 0
    moved: int = 0
    levels: set[Level] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)

    def add(self, ticket: SourceTicket, moved: int, resolved_at: datetime | None) -> None:
        """Add a ticket.

        :param moved: how often it was handed over.
        :param resolved_at: when it was resolved, as it would be stored.
        """
        self.tickets += 1
        at = ticket.created_at
        self.first = at if self.first is None else min(self.first, at)
        self.last = at if self.last is None else max(self.last, at)
        if ticket.state in FINISHED_STATES and resolved_at is not None:
            self.resolved += 1
            self.resolved_at_once += resolved_at <= at
        self.moved += moved
        for state in ticket.state_changes:
            self.levels.add(state.queue)
            if state.group and len(self.groups) < _KEPT:
                self.groups.add(state.group)

    @property
    def _is_at_once(self) -> bool:
        return None not in (self.first, self.last) and self.last - self.first <= _AT_ONCE  # type: ignore[operator]

    def warnings(self) -> tuple[str, ...]:
        """Return what cannot be, as sentences; they name the setting that may be wrong."""
        found = []
        if self.tickets >= _MANY and self.first is not None and self._is_at_once:
            found.append(
                f"all {self.tickets:,} tickets were created at {_text(self.first)}: is created_at "
                "in [ticket] the right column?"
            )
        if self.resolved >= _MANY and self.resolved_at_once * 2 > self.resolved:
            found.append(
                f"{self.resolved_at_once:,} of {self.resolved:,} resolved tickets were resolved in "
                "the moment in which they were created: are created_at (of the first row?) and "
                "resolved_at in [ticket] the right columns?"
            )
        if self.by_states and not self.moved:
            if len(self.levels) > 1:
                names = ", ".join(sorted(self.levels))
                found.append(f"the file has the levels {names}, but no ticket was handed over.")
            elif len(self.groups) > 1:
                found.append(
                    f"the file has {len(self.groups)} groups or more, but no ticket was handed "
                    "over: are group and hand_overs in [ticket] the right columns?"
                )
        return tuple(found)
