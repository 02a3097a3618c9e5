"""The names and states of SLA clocks, and the reading of one clock."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from helpdesk.domain.ticket import State


class ClockName(StrEnum):
    """The clocks of the customer's SLA."""

    FIRST_RESPONSE = "first_response"
    NEXT_UPDATE = "next_update"
    RESOLUTION = "resolution"


#: The name of a level's own clock (operational level agreement), which the customer does not see.
OLA = "ola"


def clock_title(name: str, level: str = "") -> str:
    """Return a clock's name for people: ``first response``, ``L2 OLA``.

    :param name: a :class:`ClockName` or :data:`OLA`.
    :param level: the level whose OLA it is; ignored for the other clocks.
    """
    return f"{level} OLA".lstrip() if name == OLA else name.replace("_", " ")


class ClockState(StrEnum):
    """The state of a clock.

    A clock that was ever breached stays ``BREACHED``, even if it is met or paused later; a clock
    that was met in time stays ``MET`` unless the ticket is reopened.
    """

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"


class ClockStanding(StrEnum):
    """Whether a clock has a due time at all, whatever its state."""

    IN_FORCE = ""
    #: A next update before the first answer; its state is ``PAUSED`` (or ``BREACHED``, if it was
    #: late before a change of the policy).
    NOT_STARTED = "not_started"
    #: Breached, and its target was taken away afterwards; its figures are final.
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ClockReading:
    """One clock of a ticket at an instant.  Instants are aware UTC, durations support seconds.

    :ivar started_at: when it began to count; for the next update, when the current round began.
    :ivar target_s: the support time allowed.
    :ivar elapsed_s: the support time used; for a met clock, until it was met.
    :ivar due_at: the first instant at which the time used reaches the target if nothing happens.
        None while the clock is paused or has not started, and if the calendar never has enough
        support time.  For a met or withdrawn clock, the value when it ended; resolving ends a
        pause first.
    :ivar met_at: when it was met, in time or late.  For a next update that is still open after a
        breach: the time of the answer that ended the first breach.
    :ivar breached_at: when it first became overdue; it stays set whatever happens later.
    :ivar counting: whether the clock is neither paused nor met, so that it counts support time now
        or as soon as the calendar opens.  The state does not show this for a breached clock.
    :ivar resumes_at: when the calendar opens next, if the clock is counting but the calendar is
        closed now; else None.
    :ivar standing: whether it has started and its target still stands.
    """

    started_at: datetime
    target_s: int
    elapsed_s: int
    due_at: datetime | None
    state: ClockState
    met_at: datetime | None
    breached_at: datetime | None
    counting: bool
    resumes_at: datetime | None
    standing: ClockStanding = ClockStanding.IN_FORCE

    @property
    def remaining_s(self) -> int:
        """The support time left, in seconds; negative when overdue."""
        return self.target_s - self.elapsed_s


def is_open(name: str, met_at: datetime | None, state: State, standing: ClockStanding) -> bool:
    """Whether a clock of a ticket is still open.

    A next update stays open as long as the ticket is active: ``met_at`` only means that a late
    answer began a new round.
    """
    if not state.is_active or standing is ClockStanding.WITHDRAWN:
        return False
    return met_at is None or name == ClockName.NEXT_UPDATE
