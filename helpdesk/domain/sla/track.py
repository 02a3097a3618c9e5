"""The state of one clock between two events.

The customer's clocks and the OLA clocks share this class; they differ in the events that start,
pause, meet and restart them.  Every method returns a new object.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk.domain.sla.clock import ClockReading, ClockStanding, ClockState
from helpdesk.domain.sla.counted_time import CountedTime
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.phase import PhaseChange
from helpdesk.domain.sla.verdict import Verdict
from helpdesk.domain.support_hours import SupportCalendar


@dataclass(frozen=True, slots=True)
class ClockValues:
    """The measured values of a clock at an instant."""

    started_at: datetime
    target_s: int | None
    elapsed_s: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Track:
    """The state of one clock.  Instants are aware UTC.

    :ivar target_s: support seconds allowed; None: there is no target now, and the clock is not
        shown unless it was met or breached before.  It counts nevertheless, because a later policy
        may set a target, which counts from the same start.
    :ivar counted: the stretches of time during which it ran.
    :ivar met_at: when it was met; None while it is open.
    :ivar met: its values when it was met; later changes of target or calendar do not change them.
    :ivar late_answer_at: the time of the answer that ended the first breach of a next update.
    :ivar breached_at: when it first became overdue.
    :ivar answers: how many answers have begun a round of a next update.
    :ivar waits_for_answer: whether it starts with the first answer.  It counts before that
        nevertheless, because a later policy may let it start with the receipt.
    :ivar has_target: whether there is a target now.  A breached clock keeps its last one.
    :ivar withdrawn: its values when its target was taken away after a breach.
    :ivar ended_at: when a merge ended it before it was met.  It is not shown any more unless it was
        breached before.
    :ivar verdict: what another program decided about it, while that stands.
    """

    calendar: SupportCalendar
    target_s: int | None
    started_at: datetime
    counted: CountedTime
    met_at: datetime | None = None
    met: ClockValues | None = None
    late_answer_at: datetime | None = None
    breached_at: datetime | None = None
    answers: int = 0
    waits_for_answer: bool = False
    has_target: bool = True
    withdrawn: ClockValues | None = None
    ended_at: datetime | None = None
    verdict: Verdict | None = None

    @classmethod
    def start(
        cls,
        calendar: SupportCalendar,
        target_s: int | None,
        at: datetime,
        *,
        waits_for_answer: bool = False,
    ) -> "Track":
        """Return a clock that starts at ``at``."""
        return cls(
            calendar,
            target_s,
            at,
            CountedTime(since=at),
            waits_for_answer=waits_for_answer,
            has_target=target_s is not None,
        )

    @property
    def standing(self) -> ClockStanding:
        """Whether it has started and its target still stands."""
        if self.withdrawn is not None:
            return ClockStanding.WITHDRAWN
        if self.waits_for_answer and not self.answers:
            return ClockStanding.NOT_STARTED
        return ClockStanding.IN_FORCE

    @property
    def is_in_force(self) -> bool:
        """Whether it has started and its target still stands."""
        return self.standing is ClockStanding.IN_FORCE

    @property
    def due_at(self) -> datetime | None:
        """When the time used reaches the target if nothing happens; None: paused, or never."""
        if self.target_s is None or not self.is_in_force:
            return None
        return self.counted.due_at(self.calendar, self.target_s)

    def pass_time(self, since: datetime, until: datetime) -> "Track":
        """Return the clock after the time from its last event (``since``) to ``until``.

        A clock due exactly at ``until`` is not breached yet, because an answer in that second is in
        time.  If the due time is before ``since``, the event itself made the clock overdue, so the
        breach is at ``since``.
        """
        if self.has_ended or self.breached_at is not None:
            return self
        due_at = self.due_at
        if due_at is None or due_at >= until:
            return self
        return replace(self, breached_at=max(due_at, since))

    def follow(self, change: PhaseChange, pausing: frozenset[EventKind]) -> "Track":
        """Return the clock after a change of the ticket's phase.

        Resolving ends a pause first, so that a clock that is met always has a due time.

        :param pausing: the reasons for waiting that pause this clock.
        """
        if change.resolves:
            resumed = self.pause_or_run(change.at, paused=False).pass_time(change.at, change.at)
            return resumed.end(change.at) if change.after.merged else resumed.meet(change.at)
        if change.reopens:
            return self.reopen(change.at)
        return self.pause_or_run(change.at, paused=change.after.pending in pausing)

    def pause_or_run(self, at: datetime, *, paused: bool) -> "Track":
        """Return the clock paused or running from ``at``; unchanged if it is met or was ended."""
        if self.has_ended:
            return self
        return replace(self, counted=self.counted.stop(at) if paused else self.counted.run(at))

    def meet(self, at: datetime) -> "Track":
        """Return the clock met at ``at``; unchanged if it was met before."""
        if self.met is not None:
            return self
        values = self._values(at)
        return replace(self, met_at=at, met=values, counted=self.counted.stop(at), ended_at=None)

    def end(self, at: datetime) -> "Track":
        """Return the clock ended at ``at`` without being met; unchanged if it was met before."""
        if self.has_ended:
            return self
        return replace(self, counted=self.counted.stop(at), ended_at=at)

    @property
    def has_ended(self) -> bool:
        """Whether it was met, or was ended by a merge."""
        return self.met is not None or self.ended_at is not None

    def reopen(self, at: datetime) -> "Track":
        """Return the clock no longer met, running from ``at`` with the time used before."""
        opened = replace(
            self,
            met_at=None,
            met=None,
            ended_at=None,
            verdict=None,
            counted=self.counted.run(at),
        )
        return opened if self.has_target else opened.withdraw(at)

    def start_again(self, at: datetime) -> "Track":
        """Return the clock no longer met, with nothing used; a breach stays recorded."""
        counted = CountedTime(since=at)
        return replace(self, started_at=at, met_at=None, met=None, ended_at=None, counted=counted)

    def withdraw(self, at: datetime) -> "Track":
        """Return the clock without a target; a breach that happened stays, and ends the clock."""
        if self.breached_at is None or self.met is not None or self.withdrawn is not None:
            return self
        return replace(self, withdrawn=self._values(at))

    def judge(self, verdict: Verdict, at: datetime) -> "Track":
        """Return the clock with the outcome that another program decided, known from ``at`` on."""
        match verdict:
            case Verdict.MISSED:
                return replace(self, verdict=verdict, breached_at=self.breached_at or at)
            case Verdict.UNKNOWN if self.met is not None:
                met = replace(self.met, target_s=None)
                return replace(
                    self, verdict=verdict, met=met, breached_at=None, late_answer_at=None
                )
        return replace(self, verdict=verdict, breached_at=None, late_answer_at=None)

    def restart(self, at: datetime) -> "Track":
        """Return the clock with a new round that begins at ``at``; it stays paused or met."""
        late = self.met is None and self.breached_at is not None and self.late_answer_at is None
        return replace(
            self,
            started_at=at,
            counted=CountedTime(since=at if self.counted.since is not None else None),
            late_answer_at=at if late else self.late_answer_at,
            answers=self.answers + 1,
        )

    def change_target(
        self, calendar: SupportCalendar, target_s: int | None, at: datetime
    ) -> "Track":
        """Return the clock with another calendar and target, measured from its original start.

        A breached clock keeps its old target if the new one is None, and is withdrawn then.
        """
        if target_s is not None:
            return replace(
                self, calendar=calendar, target_s=target_s, has_target=True, withdrawn=None
            )
        if self.breached_at is None:
            return replace(self, calendar=calendar, target_s=None, has_target=False)
        return replace(self.withdraw(at), calendar=calendar, has_target=False)

    def read(self, now: datetime) -> ClockReading | None:
        """Return the reading of the clock at ``now``; None if it has and had no target.

        None as well for a clock that a merge ended in time: nobody was answered, and nobody waits.
        """
        values = self.withdrawn or self.met or self._values(now)
        if values.target_s is None or (self.ended_at is not None and self.breached_at is None):
            return None
        counting = self.counted.since is not None and self.is_in_force
        outside_hours = counting and not self.calendar.is_open(now)
        return ClockReading(
            started_at=values.started_at,
            target_s=values.target_s,
            elapsed_s=values.elapsed_s,
            due_at=values.due_at,
            state=self._state(),
            met_at=self.late_answer_at or (self.met_at if self.withdrawn is None else None),
            breached_at=self.breached_at,
            counting=counting,
            resumes_at=self.calendar.next_opening(now) if outside_hours else None,
            standing=self.standing,
        )

    def _values(self, at: datetime) -> ClockValues:
        started = self.standing is not ClockStanding.NOT_STARTED
        elapsed_s = self.counted.elapsed(self.calendar, at) if started else 0
        return ClockValues(self.started_at, self.target_s, elapsed_s, self.due_at)

    def _state(self) -> ClockState:
        if self.breached_at is not None:
            return ClockState.BREACHED
        if self.met is not None:
            return ClockState.MET
        counting = self.counted.since is not None and self.is_in_force
        return ClockState.RUNNING if counting else ClockState.PAUSED
