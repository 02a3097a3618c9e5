"""Format a notice of the inbox as one line."""

from typing import TYPE_CHECKING

from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.i18n import _
from helpdesk.domain.notices import NoticeKind
from helpdesk.domain.references import HIDDEN_TICKET
from helpdesk.domain.sla.clock import clock_title
from helpdesk.domain.text import one_line
from helpdesk.tui.text.countdown import SYMBOLS, CountdownStatus

if TYPE_CHECKING:  # the module imports the ORM
    from helpdesk.desk.inbox.inbox import NoticeView

_CHANGED = "changed it"
#: What another agent did, by the type of the timeline entry.  Routine types make no notices, so
#: they have no entry here.
CHANGE_PHRASES = {
    EntryType.CLAIMED: "claimed it",
    EntryType.RELEASED: "released it",
    EntryType.ASSIGNED: "assigned it to {to}",
    EntryType.REPLIED: "replied",
    EntryType.NOTED: "added a note",
    EntryType.ESCALATED: "escalated it to {to}",
    EntryType.RETURNED: "returned it to {to}",
    EntryType.PENDED: "set it to pending",
    EntryType.RESUMED: "resumed it",
    EntryType.RESOLVED: "resolved it",
    EntryType.REOPENED: "reopened it",
    EntryType.CLOSED: "closed it",
    EntryType.MERGED: "merged it",
    EntryType.JOINED: "joined a duplicate to it",
    EntryType.LINKED: "linked it",
    EntryType.LEAD_DONE: "gave it back from the lead",
    EntryType.REQUESTER_WROTE: "recorded a message from the requester",
    EntryType.LOGGED: _CHANGED,
    EntryType.MOVED: _CHANGED,
    EntryType.ESCALATED_TO_LEAD: _CHANGED,
    EntryType.RATED: _CHANGED,
    EntryType.FOLLOWS: _CHANGED,
    EntryType.UNLINKED: _CHANGED,
    EntryType.SPLIT: _CHANGED,
    EntryType.CAUSE_RESOLVED: "resolved the {kind} to which it is linked ({ticket})",
    EntryType.CONTINUED: "recorded a message from the requester",
    EntryType.BROUGHT: _CHANGED,
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
    """Format a notice with its ticket: ``▲ HD-12 first response breached: Cannot log in``."""
    return (
        f"{notice_symbol(notice)} {notice.ref} {notice_summary(notice)}: {one_line(notice.subject)}"
    )


def notice_symbol(notice: "NoticeView") -> str:
    """Return the symbol for the kind of a notice."""
    if notice.kind is NoticeKind.BREACHED:
        return SYMBOLS[CountdownStatus.BREACHED]
    if notice.kind is NoticeKind.WARNED:
        return SYMBOLS[CountdownStatus.WARNING]
    return "✉"


def notice_summary(notice: "NoticeView") -> str:
    """Format what happened, without the ticket."""
    data = {
        name: HIDDEN_TICKET if value is None else one_line(str(value))
        for name, value in notice.data.items()
    }
    actor = one_line(notice.actor) or "helpdesk"
    match notice.kind:
        case NoticeKind.ASSIGNED:
            return f"{actor} assigned it to you"
        case NoticeKind.UNASSIGNED if data.get("to") == actor:
            return _("{agent} took it over from you").format(agent=actor)
        case NoticeKind.UNASSIGNED:
            return f"{actor} assigned it to {data.get('to', 'somebody else')}"
        case NoticeKind.MENTIONED:
            return f"{actor} mentioned you"
        case NoticeKind.HANDED_OVER:
            verb = "returned" if data.get("from", "") > data.get("to", "") else "escalated"
            return f"{actor} {verb} it to {data.get('to', '')} ({data.get('reason', '')})"
        case NoticeKind.SKIPPED:
            return f"{actor} escalated it past you to {data.get('to', '')}"
        case NoticeKind.TO_LEAD:
            return f"{actor} escalated it to the lead ({data.get('reason', '')})"
        case NoticeKind.REQUESTER:
            return "the requester wrote"
        case NoticeKind.REAPPEARED:
            return "a known problem has recurred"
        case NoticeKind.FOLLOW_UP:
            return "follow-up is due"
        case NoticeKind.WARNED | NoticeKind.BREACHED:
            return _clock_event(data, breach=notice.kind is NoticeKind.BREACHED)
    phrase = CHANGE_PHRASES.get(EntryType.read(data.get("entry", "")), _CHANGED)
    words = {name: data.get(name, "") for name in ("to", "kind", "ticket")}
    return f"{actor} {phrase.format_map(words)}"


def _clock_event(data: dict[str, str], *, breach: bool) -> str:
    clock = clock_title(data.get("clock", ""), data.get("level", ""))
    return f"{clock} {'breached' if breach else data.get('percent', '') + ' % used'}"
