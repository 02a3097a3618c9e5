"""What an agent is told of, and who is named in a text."""

import re
from enum import StrEnum


class NoticeKind(StrEnum):
    """Why somebody is told of a change of a ticket."""

    ASSIGNED = "assigned"
    """the ticket was given to them"""
    UNASSIGNED = "unassigned"
    """the ticket was theirs and was given to somebody else"""
    MENTIONED = "mentioned"
    """a note or reply names them: ``@login``"""
    HANDED_OVER = "handed_over"
    """the ticket came into a queue that they serve"""
    SKIPPED = "skipped"
    """the ticket was handed past a queue that they serve"""
    WARNED = "warned"
    """a clock runs short, and the policy tells them"""
    BREACHED = "breached"
    """a clock was breached, and the policy tells them"""
    TO_LEAD = "to_lead"
    """the ticket was left to the lead, which they are"""
    REQUESTER = "requester"
    """the requester wrote"""
    REAPPEARED = "reappeared"
    """a known problem came again"""
    CHANGED = "changed"
    """somebody else changed a ticket that is theirs, or that they watch"""
    FOLLOW_UP = "follow_up"
    """the day has come on which the ticket was to be looked at again"""


#: As logins are made (see ``desk.people.agents``); a mail address names nobody.
_MENTION = re.compile(r"(?<![\w.@/-])@([a-z_][a-z0-9_.-]{0,31})", re.IGNORECASE)
_MOST_MENTIONS = 50


def mentions(text: str) -> tuple[str, ...]:
    """Return the logins that a text may name (``@bob``), in lower case, each once.

    A full stop that ends the sentence is no part of a login: both readings are returned.
    """
    found: dict[str, None] = {}
    for name in _MENTION.findall(text)[:_MOST_MENTIONS]:
        found[name.lower()] = None
        found[name.lower().rstrip(".-")] = None
    return tuple(found)
