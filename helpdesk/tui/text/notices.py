"""A notice in a line."""

from typing import TYPE_CHECKING

from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.notices import NoticeKind
from helpdesk.domain.sla.clock import clock_title
from helpdesk.domain.text import one_line
from helpdesk.tui.text.countdown import SYMBOLS, Mood

if TYPE_CHECKING:  # the desk's modules bring the ORM along, see the package's docstring
    from helpdesk.desk.inbox.inbox import NoticeView

_CHANGED = "changed it"
#: What others did, by the type of the entry in the timeline; a type that is routine needs no words.
DONE = {
    EntryType.CLAIMED: "claimed it",
    EntryType.RELEASED: "released it",
    EntryType.ASSIGNED: "assigned it to {to}",
    EntryType.REPLIED: "replied",
    EntryType.NOTED: "added a note",
    EntryType.ESCALATED: "escalated it to {to}",
    EntryType.RETURNED: "returned it to {to}",
    EntryType.PENDED: "lets it wait",
    EntryType.RESUMED: "went on with it",
    EntryType.RESOLVED: "resolved it",
    EntryType.REOPENED: "reopened it",
    EntryType.CLOSED: "closed it",
    EntryType.MERGED: "merged it",
    EntryType.JOINED: "joined a duplicate to it",
    EntryType.LINKED: "linked it",
    EntryType.LEAD_DONE: "gave it back from the lead",
    EntryType.REQUESTER_WROTE: "recorded a message of the requester",
    EntryType.LOGGED: _CHANGED,
    EntryType.MOVED: _CHANGED,
    EntryType.ESCALATED_TO_LEAD: _CHANGED,
    EntryType.RATED: _CHANGED,
    EntryType.FOLLOWS: _CHANGED,
    EntryType.UNLINKED: _CHANGED,
    EntryType.SPLIT: _CHANGED,
    EntryType.REAPPEARED: _CHANGED,
    EntryType.CHANGED: _CHANGED,
    EntryType.TAGGED: _CHANGED,
    EntryType.TICKED: _CHANGED,
    EntryType.UNTICKED: _CHANGED,
    EntryType.SPENT: _CHANGED,
    EntryType.UNDONE: _CHANGED,
    EntryType.FOLLOW_UP: _CHANGED,
}


def notice_sentence(notice: "NoticeView") -> str:
    """Return a notice with its ticket, ``▲ HD-12 first response breached: Cannot log in``."""
    return f"{sign(notice)} {notice.ref} {what(notice)}: {one_line(notice.subject)}"


def sign(notice: "NoticeView") -> str:
    """Return the sign of a notice."""
    if notice.kind is NoticeKind.BREACHED:
        return SYMBOLS[Mood.BREACHED]
    if notice.kind is NoticeKind.WARNED:
        return SYMBOLS[Mood.WARNING]
    return "✉"


def what(notice: "NoticeView") -> str:
    """Return what happened, without the ticket."""
    said = {name: one_line(str(value)) for name, value in notice.data.items()}
    actor = one_line(notice.actor) or "helpdesk"
    match notice.kind:
        case NoticeKind.ASSIGNED:
            return f"{actor} assigned it to you"
        case NoticeKind.UNASSIGNED:
            return f"{actor} assigned it to {said.get('to', 'somebody else')}"
        case NoticeKind.MENTIONED:
            return f"{actor} mentioned you"
        case NoticeKind.HANDED_OVER:
            verb = "returned" if said.get("from", "") > said.get("to", "") else "escalated"
            return f"{actor} {verb} it to {said.get('to', '')} ({said.get('reason', '')})"
        case NoticeKind.SKIPPED:
            return f"{actor} escalated it past you to {said.get('to', '')}"
        case NoticeKind.TO_LEAD:
            return f"{actor} asks the lead ({said.get('reason', '')})"
        case NoticeKind.REQUESTER:
            return "the requester wrote"
        case NoticeKind.REAPPEARED:
            return "a known problem came again"
        case NoticeKind.FOLLOW_UP:
            return "is to be looked at again"
        case NoticeKind.WARNED | NoticeKind.BREACHED:
            return _clock(said, breach=notice.kind is NoticeKind.BREACHED)
    did = DONE.get(EntryType.read(said.get("entry", "")), _CHANGED)
    return f"{actor} {did.format_map({'to': said.get('to', '')})}"


def _clock(said: dict[str, str], *, breach: bool) -> str:
    clock = clock_title(said.get("clock", ""), said.get("level", ""))
    return f"{clock} {'breached' if breach else said.get('percent', '') + ' % used'}"
