"""The promises made on a ticket, and how one of them stands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from helpdesk.domain.ticket import State


class ClockName(StrEnum):
    """What was promised to the customer."""

    FIRST_RESPONSE = "first_response"
    NEXT_UPDATE = "next_update"
    RESOLUTION = "resolution"


#: The name of a level's own clock, which is no promise to the customer.
OLA = "ola"


def clock_title(name: str, level: str = "") -> str:
    """Return what people call a clock: ``first response``, or, of a level's own, ``L2 OLA``.

    :param name: a :class:`ClockName` or :data:`OLA`.
    :param level: the level whose OLA it is; it makes no difference to the other clocks.
    """
    return f"{level} OLA".lstrip() if name == OLA else name.replace("_", " ")


class ClockState(StrEnum):
    """How a clock stands.  A breach is for ever; else what was met is met, then what rests."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"


@dataclass(frozen=True, slots=True)
class Reading:
    """How one clock stands at an instant.  Instants are aware UTC, durations support seconds.

    :ivar started_at: when it began to count; of a next update, the round that runs now.
    :ivar target_s: the support time allowed.
    :ivar elapsed_s: the support time used; of a met clock, until it was met.
    :ivar due_at: the first instant at which the time used reaches the target if nothing happens:
        the next thing that this clock does by itself.  None while paused, and if the calendar
        never gives so much time; of a met clock, as it stood when it was met.
    :ivar met_at: when it was met, be it late; of a next update that goes on, the answer that
        ended its first breach.
    :ivar breached_at: when it was first overdue, whatever came later.
    :ivar counting: whether support time is counted now or as soon as the calendar opens: neither
        paused nor met.  The state alone does not tell, where it is ``breached``.
    :ivar resumes_at: when counting goes on, if the clock is counting but the calendar closed now.
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

    @property
    def remaining_s(self) -> int:
        """Support time left: negative when overdue."""
        return self.target_s - self.elapsed_s


def is_open(name: str, met_at: datetime | None, state: State) -> bool:
    """Whether a clock of a ticket still promises something.

    A next update is promised for as long as the ticket is active: an answer that came late
    (``met_at``) began a new round.
    """
    return state.is_active and (met_at is None or name == ClockName.NEXT_UPDATE)
