"""The kinds of events that affect a ticket's SLA clocks."""

from enum import StrEnum


class EventKind(StrEnum):
    """The kind of an event for the SLA clocks.

    Notes, assignments and escalations do not affect the customer's clocks.  ``merged`` ends the
    ticket without an answer: another ticket goes on for its requester.
    """

    RECEIVED = "received"
    RESPONDED = "responded"
    PENDING_REQUESTER = "pending_requester"
    PENDING_VENDOR = "pending_vendor"
    PENDING_SCHEDULED = "pending_scheduled"
    RESUMED = "resumed"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    TARGETS = "targets"
    MERGED = "merged"


#: The kinds that begin waiting; each says whom or what the ticket waits for.
PENDING = frozenset(
    {EventKind.PENDING_REQUESTER, EventKind.PENDING_VENDOR, EventKind.PENDING_SCHEDULED}
)
