"""One clock between two events: what it has counted and what has become of it.

All clocks, the customer's and the levels' own, are this; they differ in which events start, rest,
meet and restart them.  Every step returns a new track.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk.domain.sla.clock import ClockState, Reading
from helpdesk.domain.sla.counted_time import Counted
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.phase import Turn
from helpdesk.domain.support_hours import SupportCalendar


@dataclass(frozen=True, slots=True)
class Standing:
    """What is measured of a clock at an instant; of a met one, it is kept as it was then."""

    started_at: datetime
    target_s: int | None
    elapsed_s: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Track:
    """The state of one clock.  Instants are aware UTC.

    :ivar target_s: support seconds allowed; None: nothing is promised now, and unless it was met
        or breached before, the clock is not shown.  It counts all the same, because a later change
        of policy may promise something from the same start.
    :ivar met_at: set while it is met; taken back by :meth:`go_on`.
    :ivar met: how it stood then; later changes of target or calendar leave that alone.
    :ivar late_answer_at: the answer that ended the first breach of a clock with rounds.
    """

    calendar: SupportCalendar
    target_s: int | None
    started_at: datetime
    counted: Counted
    met_at: datetime | None = None
    met: Standing | None = None
    late_answer_at: datetime | None = None
    breached_at: datetime | None = None

    @classmethod
    def start(cls, calendar: SupportCalendar, target_s: int | None, at: datetime) -> "Track":
        """Return a clock that runs from ``at`` on."""
        return cls(calendar, target_s, at, Counted(since=at))

    @property
    def due_at(self) -> datetime | None:
        """When the time used reaches the target if nothing happens; None if it rests or never."""
        if self.target_s is None:
            return None
        return self.counted.due_at(self.calendar, self.target_s)

    def pass_time(self, since: datetime, until: datetime) -> "Track":
        """Return it after the time from its last event, ``since``, to ``until``.

        Falling due exactly at ``until`` is no breach yet: what happens in that second is in time.
        A due time before ``since`` is what a change at ``since`` has made overdue.
        """
        if self.met is not None or self.breached_at is not None:
            return self
        due_at = self.due_at
        if due_at is None or due_at >= until:
            return self
        return replace(self, breached_at=max(due_at, since))

    def follow(self, turn: Turn, pausing: frozenset[EventKind]) -> "Track":
        """Return it after a turn of the ticket's phase.

        :param pausing: the pending reasons that make this clock rest.
        """
        if turn.resolves:
            return self.meet(turn.at)
        if turn.reopens:
            return self.go_on(turn.at)
        return self.rest_or_run(turn.at, rests=turn.after.pending in pausing)

    def rest_or_run(self, at: datetime, *, rests: bool) -> "Track":
        """Return it resting or running from ``at`` on; as it is if it does so or is met."""
        if self.met is not None:
            return self
        return replace(self, counted=self.counted.stop(at) if rests else self.counted.run(at))

    def meet(self, at: datetime) -> "Track":
        """Return it met at ``at``; as it is if it was met before."""
        if self.met is not None:
            return self
        return replace(self, met_at=at, met=self._stands(at), counted=self.counted.stop(at))

    def go_on(self, at: datetime) -> "Track":
        """Return it with being met taken back, running again with the time used before."""
        return replace(self, met_at=None, met=None, counted=self.counted.run(at))

    def new_round(self, at: datetime) -> "Track":
        """Return it with nothing used, begun anew at ``at``; it rests or is met as before."""
        late = self.met is None and self.breached_at is not None and self.late_answer_at is None
        return replace(
            self,
            started_at=at,
            counted=Counted(since=at if self.counted.since is not None else None),
            late_answer_at=at if late else self.late_answer_at,
        )

    def promise(self, calendar: SupportCalendar, target_s: int | None) -> "Track":
        """Return it under another calendar and target, measured from its original start.

        A breached clock whose promise is withdrawn keeps the target that it broke.
        """
        if target_s is None and self.breached_at is not None:
            target_s = self.target_s
        return replace(self, calendar=calendar, target_s=target_s)

    def read(self, now: datetime) -> Reading | None:
        """Return how it stands at ``now``; None if nothing is or was promised."""
        stood = self.met or self._stands(now)
        if stood.target_s is None:
            return None
        counting = self.counted.since is not None
        waits = counting and not self.calendar.is_open(now)
        return Reading(
            started_at=stood.started_at,
            target_s=stood.target_s,
            elapsed_s=stood.elapsed_s,
            due_at=stood.due_at,
            state=self._state(),
            met_at=self.late_answer_at or self.met_at,
            breached_at=self.breached_at,
            counting=counting,
            resumes_at=self.calendar.next_opening(now) if waits else None,
        )

    def _stands(self, at: datetime) -> Standing:
        elapsed_s = self.counted.elapsed(self.calendar, at)
        return Standing(self.started_at, self.target_s, elapsed_s, self.due_at)

    def _state(self) -> ClockState:
        if self.breached_at is not None:
            return ClockState.BREACHED
        if self.met is not None:
            return ClockState.MET
        return ClockState.PAUSED if self.counted.since is None else ClockState.RUNNING
