"""The kinds, channels, states and verbs of tickets, and the states in which each verb is allowed.

The terms are ITIL's (see the manual, page ``words``).  State changes::

    new → open ⇄ pending → resolved → closed        reopen: resolved, closed → open
"""

import re
from enum import StrEnum

from helpdesk.domain.errors import RefusedError


class Kind(StrEnum):
    """The kind of a ticket."""

    INCIDENT = "incident"
    REQUEST = "request"
    PROBLEM = "problem"
    CHANGE = "change"


class Channel(StrEnum):
    """How the query reached the desk."""

    PHONE = "phone"
    MAIL = "mail"
    CHAT = "chat"
    PORTAL = "portal"
    WALK_IN = "walk-in"
    MONITOR = "monitor"


def somebody_asked(kind: Kind, channel: Channel, *, named: bool) -> bool:
    """Return whether there is somebody to answer on a ticket.

    A caller whose name is unknown is answered in the conversation.  Nobody asked for a problem or a
    change that names no requester, and mail, portal and monitoring bring no query that could be
    answered without one.

    :param named: whether the ticket names any requester.
    """
    spoken = channel in (Channel.PHONE, Channel.WALK_IN, Channel.CHAT)
    return named or (spoken and kind in (Kind.INCIDENT, Kind.REQUEST))


class State(StrEnum):
    """The state of a ticket."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def is_active(self) -> bool:
        """Whether there is still work to do: new, open or pending."""
        return self in ACTIVE_STATES


#: States of tickets with work still to do.
ACTIVE_STATES = frozenset({State.NEW, State.OPEN, State.PENDING})
#: States of tickets whose work is done.
FINISHED_STATES = frozenset(State) - ACTIVE_STATES
#: States in which an unassigned ticket is offered as the next one to claim.
CLAIMABLE_STATES = ACTIVE_STATES - {State.PENDING}


class Waiting(StrEnum):
    """Whom or what a pending ticket waits for."""

    REQUESTER = "requester"
    VENDOR = "vendor"
    DATE = "date"


class ReplyWay(StrEnum):
    """How a reply reached the requester."""

    MAIL = "mail"
    PHONE = "phone"
    PERSON = "person"

    @property
    def is_spoken(self) -> bool:
        """Whether it was said, so that no address is needed."""
        return self is not ReplyWay.MAIL

    @property
    def words(self) -> str:
        """The way in words, for people: ``by phone``."""
        return "in person" if self is ReplyWay.PERSON else f"by {self}"


class Verb(StrEnum):
    """An action on a ticket; each is one use case in ``helpdesk.desk``."""

    CLAIM = "claim"
    RELEASE = "release"
    ASSIGN = "assign"
    REPLY = "reply"
    NOTE = "note"
    ESCALATE = "escalate"
    RETURN = "return"
    PEND = "pend"
    RESUME = "resume"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    CLOSE = "close"
    MERGE = "merge"
    LINK = "link"
    SET = "set"
    TICK = "tick"
    RATE = "rate"
    TAG = "tag"
    SPLIT = "split"
    SPEND = "spend"
    UNDO = "undo"
    RECEIVE = "receive"
    FOLLOW_UP = "follow-up"
    LEAD = "lead"


class LinkKind(StrEnum):
    """How this ticket relates to another one."""

    DUPLICATE = "duplicate"
    PROBLEM = "problem"
    CHANGE = "change"
    PARENT = "parent"
    RELATED = "related"
    SPLIT = "split"


_ANY = frozenset(State)
_UNRESOLVED = ACTIVE_STATES

#: The states in which each verb is allowed.
ALLOWED: dict[Verb, frozenset[State]] = {
    Verb.CLAIM: _UNRESOLVED,
    Verb.RELEASE: _UNRESOLVED,
    Verb.ASSIGN: _UNRESOLVED,
    Verb.REPLY: _ANY - {State.CLOSED},
    Verb.NOTE: _ANY,
    Verb.ESCALATE: _UNRESOLVED,
    Verb.RETURN: _UNRESOLVED,
    Verb.PEND: _UNRESOLVED,
    Verb.RESUME: frozenset({State.PENDING}),
    Verb.RESOLVE: _UNRESOLVED,
    Verb.REOPEN: FINISHED_STATES,
    Verb.CLOSE: frozenset({State.RESOLVED}),
    Verb.MERGE: _UNRESOLVED,
    Verb.LINK: _ANY,
    Verb.SET: _UNRESOLVED,
    Verb.TICK: _ANY - {State.CLOSED},
    Verb.RATE: FINISHED_STATES,
    Verb.TAG: _ANY,
    Verb.SPLIT: _UNRESOLVED,
    Verb.SPEND: _ANY,
    Verb.UNDO: _ANY,
    Verb.RECEIVE: _ANY,
    Verb.FOLLOW_UP: _UNRESOLVED,
    Verb.LEAD: _UNRESOLVED,
}

_INSTEAD: dict[Verb, str] = {
    Verb.RESUME: "only a pending ticket can be resumed",
    Verb.REOPEN: "only a resolved or closed ticket can be reopened",
    Verb.CLOSE: "resolve it first",
    Verb.RATE: "resolve it first",
}


def require_allowed(verb: Verb, state: State, ref: str) -> None:
    """Refuse a verb that the ticket's state does not allow.

    :param ref: the ticket's reference (``HD-12``), for the error sentence.
    :raises RefusedError: naming the ticket, its state and what to do instead.
    """
    if state not in ALLOWED[verb]:
        instead = _INSTEAD.get(verb, "reopen it first")
        raise RefusedError(f"{ref} is {state}: it cannot be changed by '{verb}'; {instead}.")


_PREFIX = "HD-"
#: The reference of any ticket in help texts and legends.
ANY_REF = f"{_PREFIX}n"
_REF = re.compile(r"(?:HD[- ]?|#)?0*([1-9][0-9]{0,17})", re.IGNORECASE)


def ref(number: int) -> str:
    """Return a ticket's number as people write it: ``HD-1042``."""
    return f"{_PREFIX}{number}"


def parse_ref(text: str) -> int:
    """Read ``HD-1042``, ``hd1042``, ``HD 1042``, ``#1042`` or ``1042``.

    :raises RefusedError: if the text is not a ticket number in one of these forms.
    """
    found = _REF.fullmatch(text.strip())
    if not text.strip():
        raise RefusedError(f"no ticket is named: write its number, such as {ref(1042)}.")
    if found is None:
        raise RefusedError(
            f"{_short(text)!r} is not a ticket id; ids look like {ref(1042)} (or just 1042)."
        )
    return int(found.group(1))


def number_in_ref(text: str) -> int | None:
    """Return the number of a reference with its prefix (``HD-1042``); None for any other text.

    A number without the prefix gives None, because it may mean something else.
    """
    found = _REF.fullmatch(text)
    return int(found.group(1)) if found and text.upper().startswith(_PREFIX) else None


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
