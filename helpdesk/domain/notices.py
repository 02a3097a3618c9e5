"""The reasons for notifying an agent, and the mentions (``@login``) in a text."""

import re
from enum import StrEnum


class NoticeKind(StrEnum):
    """Why an agent is notified of a change to a ticket."""

    ASSIGNED = "assigned"
    """the ticket was assigned to them"""
    UNASSIGNED = "unassigned"
    """the ticket was assigned to them and now is not"""
    MENTIONED = "mentioned"
    """a note or reply names them: ``@login``"""
    HANDED_OVER = "handed_over"
    """the ticket was moved to a queue that they serve"""
    SKIPPED = "skipped"
    """the ticket was escalated past a queue that they serve"""
    WARNED = "warned"
    """a clock is near its target, and the policy notifies them"""
    BREACHED = "breached"
    """a clock was breached, and the policy notifies them"""
    TO_LEAD = "to_lead"
    """the ticket was escalated to the lead, and they are a lead"""
    REQUESTER = "requester"
    """the requester wrote"""
    REAPPEARED = "reappeared"
    """a solved problem occurred again"""
    CHANGED = "changed"
    """somebody else changed a ticket that is assigned to them or that they watch"""
    FOLLOW_UP = "follow_up"
    """the follow-up date of the ticket has come"""


#: The form of logins (see ``desk.people.agents``); a mail address is not a mention.
_MENTION = re.compile(r"(?<![\w.@/-])@([a-z_][a-z0-9_.-]{0,31})", re.IGNORECASE)
_MAX_MENTIONS = 50


def mentions(text: str) -> tuple[str, ...]:
    """Return the logins that a text may mention (``@bob``), in lower case, each once.

    A full stop after a login may belong to it or end the sentence, so the login is returned both
    with and without it.
    """
    found: dict[str, None] = {}
    for name in _MENTION.findall(text)[:_MAX_MENTIONS]:
        found[name.lower()] = None
        found[name.lower().rstrip(".-")] = None
    return tuple(found)
