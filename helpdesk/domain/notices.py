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


def mentioned_names(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the possible logins of each mention in a text (``@bob``), in lower case.

    A full stop after a login may belong to it or end the sentence, so the login stands there both
    with and without it.
    """
    names = [name.lower() for name in _MENTION.findall(text)[:_MAX_MENTIONS]]
    return tuple(dict.fromkeys(tuple(dict.fromkeys((name, name.rstrip(".-")))) for name in names))


def mentions(text: str) -> tuple[str, ...]:
    """Return all logins that a text may mention, each once; see :func:`mentioned_names`."""
    return tuple(dict.fromkeys(name for names in mentioned_names(text) for name in names))
