"""The types of timeline entries, and what the rest of the program asks of a type.

To add a type: a member here, its sentence in ``tui/ticket/timeline.py``, and, unless it is routine,
its words in ``tui/notice_text.py``.  Tests name what is missing.
"""

from enum import StrEnum
from typing import NamedTuple, Self, TypeVar

from helpdesk.domain.sla.event_kind import EventKind


class _Traits(NamedTuple):
    """What is asked of a type; see :class:`EntryType`, which has the same names."""

    clock_event: EventKind | None = None
    is_hand_over: bool = False
    is_alarm: bool = False
    is_routine: bool = False
    is_aside: bool = False
    undone_as: str = ""
    kept_because: str = "it is more than a change of this ticket"


_PLAIN = _Traits()
_E = TypeVar("_E", bound="EntryType")


def _with_traits(entry: _E, traits: _Traits) -> _E:
    entry._value_ = str.__str__(entry)  # the plain text, not the member itself
    (
        entry.clock_event,
        entry.is_hand_over,
        entry.is_alarm,
        entry.is_routine,
        entry.is_aside,
        entry.undone_as,
        entry.kept_because,
    ) = traits
    return entry


class EntryType(StrEnum):
    """What an entry of a ticket's timeline says happened; stored and printed as its word.

    :ivar clock_event: what happens to the SLA clocks at such an entry; None for ``PENDED``, where
        it depends on whom the ticket waits for.
    :ivar is_hand_over: it puts the ticket into another level's queue.
    :ivar is_alarm: it records that a clock runs short or was breached.
    :ivar is_routine: it is no news to those who have or watch the ticket.
    :ivar is_aside: the desk adds it between the changes and leaves the ticket's version alone.
    :ivar undone_as: what undoing it is called ("claiming"); "" if it cannot be undone.
    :ivar kept_because: why it cannot be undone, as part of a sentence: what others have read or
        followed is corrected by what comes after it.
    """

    LOGGED = "logged", _Traits(EventKind.RECEIVED)
    CLAIMED = "claimed", _Traits(undone_as="claiming")
    RELEASED = "released", _Traits(undone_as="releasing")
    ASSIGNED = "assigned", _Traits(undone_as="assigning")
    REPLIED = (
        "replied",
        _Traits(EventKind.RESPONDED, kept_because="the requester has been answered"),
    )
    NOTED = "noted", _Traits(kept_because="a note stands; correct it by another")
    REQUESTER_WROTE = "requester_wrote", _Traits(kept_because="the requester's words stand")
    ESCALATED = "escalated", _Traits(is_hand_over=True, undone_as="escalating")
    RETURNED = "returned", _Traits(is_hand_over=True, undone_as="returning")
    #: Several hand-overs that an imported file counts without saying when each was made.
    MOVED = "moved", _PLAIN
    ESCALATED_TO_LEAD = "escalated_to_lead", _Traits(undone_as="asking the lead")
    LEAD_DONE = "lead_done", _Traits(undone_as="giving back from the lead")
    PENDED = "pended", _Traits(undone_as="pending")
    RESUMED = "resumed", _Traits(EventKind.RESUMED, undone_as="resuming")
    RESOLVED = "resolved", _Traits(EventKind.RESOLVED, undone_as="resolving")
    CLOSED = "closed", _Traits(is_routine=True, undone_as="closing")
    REOPENED = "reopened", _Traits(EventKind.REOPENED, undone_as="reopening")
    RATED = "rated", _PLAIN
    #: Resolved as a duplicate of the ticket that goes on.
    MERGED = (
        "merged",
        _Traits(EventKind.RESOLVED, kept_because="both tickets' requesters were told of one"),
    )
    #: Open as a duplicate: resolved together with the ticket that it follows.
    FOLLOWS = "follows", _PLAIN
    #: A duplicate now follows this ticket or was merged into it.
    JOINED = "joined", _PLAIN
    LINKED = "linked", _PLAIN
    UNLINKED = "unlinked", _PLAIN
    SPLIT = "split", _PLAIN
    #: A problem that was taken to be solved came back.
    REAPPEARED = "reappeared", _PLAIN
    CHANGED = "changed", _Traits(EventKind.TARGETS, undone_as="changing fields")
    TAGGED = "tagged", _Traits(undone_as="tagging")
    TICKED = "ticked", _PLAIN
    UNTICKED = "unticked", _PLAIN
    SPENT = "spent", _PLAIN
    UNDONE = "undone", _PLAIN
    FOLLOW_UP = "follow_up", _Traits(undone_as="setting a follow-up date")
    FOLLOW_UP_DUE = "follow_up_due", _Traits(is_routine=True, is_aside=True)
    WARNED = "warned", _Traits(is_alarm=True, is_routine=True, is_aside=True)
    BREACHED = "breached", _Traits(is_alarm=True, is_routine=True, is_aside=True)
    RECOMPUTED = "recomputed", _Traits(EventKind.TARGETS, is_routine=True)

    clock_event: EventKind | None
    is_hand_over: bool
    is_alarm: bool
    is_routine: bool
    is_aside: bool
    undone_as: str
    kept_because: str

    def __new__(cls, word: str, traits: _Traits = _PLAIN) -> Self:
        """Make a member whose value is the word alone."""
        return _with_traits(str.__new__(cls, word), traits)

    @classmethod
    def read(cls, word: str) -> Self:
        """Return the type of a word that was stored.

        A word that this version does not know (a newer one wrote it) gives a type without traits,
        which is no member: it is shown as it stands, moves no clock and cannot be undone.
        """
        known = cls._value2member_map_.get(word)
        if isinstance(known, cls):
            return known
        unknown = _with_traits(str.__new__(cls, word), _PLAIN)
        unknown._name_ = word
        return unknown

    @property
    def moves_clocks(self) -> bool:
        """Whether the clocks, a level's own time or the alarms are computed from it."""
        return (
            self.clock_event is not None
            or self.is_hand_over
            or self.is_alarm
            or self in (EntryType.PENDED, EntryType.UNDONE)
        )

    @property
    def is_resolution(self) -> bool:
        """Whether it resolves the ticket."""
        return self.clock_event is EventKind.RESOLVED
