"""The types of timeline entries, and the properties that the rest of the program uses.

To add a type, add a member here, its sentence in ``tui/text/timeline.py`` and, unless it is
routine, its wording in ``tui/text/notices.py``.  Tests report what is missing.
"""

from enum import StrEnum
from typing import NamedTuple, Self, TypeVar

from helpdesk.domain.sla.event_kind import EventKind


class _Traits(NamedTuple):
    """The properties of a type; :class:`EntryType` explains them under the same names."""

    clock_event: EventKind | None = None
    is_hand_over: bool = False
    is_alarm: bool = False
    is_routine: bool = False
    keeps_version: bool = False
    undo_name: str = ""
    not_undoable_because: str = "it is more than a change of this ticket"


_PLAIN = _Traits()
_E = TypeVar("_E", bound="EntryType")


def _with_traits(entry: _E, traits: _Traits) -> _E:
    entry._value_ = str.__str__(entry)  # a plain str, not the member itself
    (
        entry.clock_event,
        entry.is_hand_over,
        entry.is_alarm,
        entry.is_routine,
        entry.keeps_version,
        entry.undo_name,
        entry.not_undoable_because,
    ) = traits
    return entry


class EntryType(StrEnum):
    """The type of an entry in a ticket's timeline; stored and printed as its value.

    :ivar clock_event: the event that the entry is for the SLA clocks, or None.  It is None for
        ``PENDED`` too, because there it depends on whom or what the ticket waits for.
    :ivar is_hand_over: whether it moves the ticket to another level's queue.
    :ivar is_alarm: whether it records that a clock is near its target or breached.
    :ivar is_routine: whether the assignee and the watchers are not notified of it.
    :ivar keeps_version: whether it leaves the ticket's version alone: the desk adds it by itself.
    :ivar undo_name: the name of the action in "undo …" ("claiming"); "" if it cannot be undone.
    :ivar not_undoable_because: why it cannot be undone, as part of a sentence.  Entries that others
        have read or acted upon are corrected by a later entry instead.
    """

    LOGGED = "logged", _Traits(EventKind.RECEIVED)
    CLAIMED = "claimed", _Traits(undo_name="claiming")
    RELEASED = "released", _Traits(undo_name="releasing")
    ASSIGNED = "assigned", _Traits(undo_name="assigning")
    REPLIED = (
        "replied",
        _Traits(EventKind.RESPONDED, not_undoable_because="the requester has been answered"),
    )
    NOTED = "noted", _Traits(not_undoable_because="a note stands; correct it by another")
    REQUESTER_WROTE = "requester_wrote", _Traits(not_undoable_because="the requester's words stand")
    ESCALATED = "escalated", _Traits(is_hand_over=True, undo_name="escalating")
    RETURNED = "returned", _Traits(is_hand_over=True, undo_name="returning")
    #: Several hand-overs of an imported ticket whose times are unknown.
    MOVED = "moved", _PLAIN
    ESCALATED_TO_LEAD = "escalated_to_lead", _Traits(undo_name="asking the lead")
    LEAD_DONE = "lead_done", _Traits(undo_name="giving back from the lead")
    PENDED = "pended", _Traits(undo_name="pending")
    RESUMED = "resumed", _Traits(EventKind.RESUMED, undo_name="resuming")
    RESOLVED = "resolved", _Traits(EventKind.RESOLVED, undo_name="resolving")
    CLOSED = "closed", _Traits(is_routine=True, undo_name="closing")
    REOPENED = "reopened", _Traits(EventKind.REOPENED, undo_name="reopening")
    RATED = "rated", _PLAIN
    #: Ended as a duplicate of a ticket that goes on; that answers nobody.
    MERGED = "merged", _Traits(EventKind.MERGED, undo_name="merging")
    #: Stays open as a duplicate; resolved together with the ticket that it follows.
    FOLLOWS = "follows", _Traits(undo_name="making a duplicate")
    #: A duplicate now follows this ticket or was merged into it.
    JOINED = "joined", _Traits(not_undoable_because="take it back on the duplicate")
    #: What the requester said about the closed ticket was logged as a new one.
    CONTINUED = "continued", _Traits(not_undoable_because="the requester's words stand")
    LINKED = "linked", _Traits(undo_name="linking")
    UNLINKED = "unlinked", _Traits(undo_name="unlinking")
    SPLIT = (
        "split",
        _Traits(undo_name="splitting"),
    )
    #: A text that went along from the ticket from which this one was split off.
    BROUGHT = "brought", _Traits(is_routine=True, not_undoable_because="undo the split instead")
    #: A solved problem occurred again.
    REAPPEARED = "reappeared", _Traits(undo_name="marking a recurrence")
    #: The problem or change to which the ticket is linked was resolved.
    CAUSE_RESOLVED = "cause_resolved", _Traits(keeps_version=True)
    CHANGED = "changed", _Traits(EventKind.TARGETS, undo_name="changing fields")
    TAGGED = "tagged", _Traits(undo_name="tagging")
    TICKED = "ticked", _Traits(undo_name="ticking a step")
    UNTICKED = "unticked", _Traits(undo_name="unticking a step")
    #: Undoing it cancels the time entry by another one; both stay in the record.
    SPENT = "spent", _Traits(undo_name="recording time")
    UNDONE = "undone", _PLAIN
    FOLLOW_UP = "follow_up", _Traits(undo_name="setting a follow-up date")
    FOLLOW_UP_DUE = "follow_up_due", _Traits(is_routine=True, keeps_version=True)
    WARNED = "warned", _Traits(is_alarm=True, is_routine=True, keeps_version=True)
    BREACHED = "breached", _Traits(is_alarm=True, is_routine=True, keeps_version=True)
    RECOMPUTED = "recomputed", _Traits(EventKind.TARGETS, is_routine=True)

    @property
    def shown(self) -> str:
        """The type as it stands in a sentence for people: "requester wrote"."""
        return self.replace("_", " ")

    clock_event: EventKind | None
    is_hand_over: bool
    is_alarm: bool
    is_routine: bool
    keeps_version: bool
    undo_name: str
    not_undoable_because: str

    def __new__(cls, word: str, traits: _Traits = _PLAIN) -> Self:
        """Create a member whose value is the word alone."""
        return _with_traits(str.__new__(cls, word), traits)

    @classmethod
    def read(cls, word: str) -> Self:
        """Return the type for a stored word.

        An unknown word (written by a newer version of the program) gives a type that is not a
        member of the enumeration: it is shown as the word itself, affects no clock and cannot be
        undone.
        """
        known = cls._value2member_map_.get(word)
        if isinstance(known, cls):
            return known
        unknown = _with_traits(str.__new__(cls, word), _PLAIN)
        unknown._name_ = word
        return unknown

    @property
    def moves_clocks(self) -> bool:
        """Whether the SLA clocks, the OLA clocks or the alarms are computed from such entries."""
        return (
            self.clock_event is not None
            or self.is_hand_over
            or self.is_alarm
            or self.takes_ticket
            or self in (EntryType.PENDED, EntryType.UNDONE)
        )

    @property
    def takes_ticket(self) -> bool:
        """Whether somebody takes the ticket by such an entry, or is given it."""
        return self in (EntryType.CLAIMED, EntryType.ASSIGNED)

    @property
    def is_resolution(self) -> bool:
        """Whether such an entry resolves the ticket."""
        return self.clock_event is EventKind.RESOLVED

    @property
    def ends_work(self) -> bool:
        """Whether nobody works on the ticket after such an entry: it was resolved or merged."""
        return self.is_resolution or self is EntryType.MERGED
