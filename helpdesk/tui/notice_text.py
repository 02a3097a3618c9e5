"""A notice in a line."""

from typing import TYPE_CHECKING

from helpdesk.domain.notices import NoticeKind
from helpdesk.domain.sla.clock import clock_title
from helpdesk.domain.text import one_line
from helpdesk.tui.countdown_text import SYMBOLS, Mood

if TYPE_CHECKING:  # the desk's modules bring the ORM along, see the package's docstring
    from helpdesk.desk.inbox import NoticeView

#: What others did, by the type of the entry in the timeline; the rest is "changed it".
_DID = {
    "claimed": "claimed it",
    "released": "released it",
    "assigned": "assigned it to {to}",
    "replied": "replied",
    "noted": "added a note",
    "escalated": "escalated it to {to}",
    "returned": "returned it to {to}",
    "pended": "lets it wait",
    "resumed": "went on with it",
    "resolved": "resolved it",
    "reopened": "reopened it",
    "closed": "closed it",
    "merged": "merged it",
    "joined": "joined a duplicate to it",
    "linked": "linked it",
    "lead_done": "gave it back from the lead",
    "requester_wrote": "recorded a message of the requester",
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
    did = _DID.get(said.get("entry", ""), "changed it")
    return f"{actor} {did.format_map({'to': said.get('to', '')})}"


def _clock(said: dict[str, str], *, breach: bool) -> str:
    clock = clock_title(said.get("clock", ""), said.get("level", ""))
    return f"{clock} {'breached' if breach else said.get('percent', '') + ' % used'}"
