"""The kinds of things that happen to a ticket and move its clocks."""

from enum import StrEnum


class EventKind(StrEnum):
    """The kinds; all else on a ticket (notes, assignments, escalations) moves no clock."""

    RECEIVED = "received"
    RESPONDED = "responded"
    PENDING_REQUESTER = "pending_requester"
    PENDING_VENDOR = "pending_vendor"
    PENDING_SCHEDULED = "pending_scheduled"
    RESUMED = "resumed"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    TARGETS = "targets"


#: The kinds that say whom or what the ticket waits for.
PENDING = frozenset(
    {EventKind.PENDING_REQUESTER, EventKind.PENDING_VENDOR, EventKind.PENDING_SCHEDULED}
)
