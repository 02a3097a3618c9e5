"""Format a ticket's timeline: texts in full, all other entries in one line each."""

from collections.abc import Iterator
from datetime import datetime

from helpdesk.desk.ticket.views import EventView, HandOverView, TicketView
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.i18n import _
from helpdesk.domain.references import HIDDEN_TICKET
from helpdesk.domain.reflow import unwrap
from helpdesk.domain.sla.clock import clock_title
from helpdesk.domain.text import inert, one_line
from helpdesk.domain.ticket import ReplyWay
from helpdesk.tui.text.countdown import SYMBOLS, CountdownStatus
from helpdesk.tui.text.margin_text import Block, MarginText
from helpdesk.tui.text.moments import stamp_text

#: How much of a long text is shown before the user asks for all of it.
_MAX_LINES, _MAX_CHARACTERS = 200, 8_000

#: The margins of what the requester sees, of internal texts, and of what the desk records.  A
#: margin stands on every painted line, so that no line of an internal text looks like a reply.
_PUBLIC, _INTERNAL, _RECORD = "  ", "┃ ", "· "
#: The signs in the margins.
MARGINS = "┃·"

#: The line for each type of entry, with placeholders for the entry's data.  Entries with a text,
#: alarms and changes of fields are formatted by the functions below.
_PHRASES = {
    EntryType.CLAIMED: "claimed it",
    EntryType.RELEASED: "released it",
    EntryType.ASSIGNED: "assigned it to {to}",
    EntryType.ESCALATED: "escalated it {from} → {to}{skipped}: {reason}",
    EntryType.RETURNED: "returned it {from} → {to}: {reason}",
    EntryType.PENDED: "set it to pending on {on} {until}",
    EntryType.RESUMED: "resumed it",
    EntryType.RESOLVED: "resolved it {article}{with}",
    EntryType.CLOSED: "closed it",
    EntryType.MOVED: "moved it {from} → {to} ({count} hand-overs)",
    EntryType.RATED: "recorded the requester's rating: {score} of 5",
    EntryType.MERGED: "merged it into {into}",
    EntryType.FOLLOWS: "made it a duplicate of {to}: both are resolved together",
    EntryType.JOINED: "joined {duplicate} to it: {subject}",
    EntryType.REAPPEARED: "reappeared: {problem}{change}",
    EntryType.TICKED: "ticked {sop} {step}: {text}",
    EntryType.UNTICKED: "unticked {sop} {step}: {text}",
    EntryType.LINKED: "linked it: {kind} {to}",
    EntryType.UNLINKED: "unlinked it: {kind} {to}",
    EntryType.SPLIT: "split {into} off: {subject}",
    EntryType.SPENT: "spent {spent} on it {billed}",
    EntryType.TAGGED: "tagged it {tags}",
    EntryType.UNDONE: "undid the last change: {what}",
    EntryType.REOPENED: "reopened it",
    EntryType.ESCALATED_TO_LEAD: "escalated it to the lead: {reason}",
    EntryType.LEAD_DONE: "gave it back from the lead: {reason}",
    EntryType.FOLLOW_UP: "{follow_up}",
    EntryType.FOLLOW_UP_DUE: "sent a reminder: the follow-up is due",
    EntryType.RECOMPUTED: "recomputed its clocks with version {version} of the policy",
}


#: The parts of a hand-over: the label on the screen and the name in the entry's data.
_HAND_OVER_PARTS = {
    "tried": "tried",
    "known": "known",
    "asked": "asked",
    "see": "references",
}


def hand_over_content(
    hand_over: HandOverView, now: datetime, most: int | None = None, *, whole_below: bool = False
) -> MarginText:
    """Format the newest hand-over, which the receiving level reads first.

    :param most: the most lines to show; None for all.
    :param whole_below: whether the timeline shows all of it.
    """
    note = hand_over.note
    title = (
        f"HAND-OVER {hand_over.source} → {hand_over.target}  "
        f"{stamp_text(hand_over.at, now)}  {one_line(hand_over.actor)}"
    )
    blocks = [
        Block(title, "bold $accent"),
        Block(one_line(hand_over.reason), "", "reason  ", " " * 8),
    ]
    for label, part in _HAND_OVER_PARTS.items():
        text = getattr(note, part)
        if text:
            blocks.append(Block(inert(text), "", f"{label:7} ", " " * 8))
    more = _("… the timeline shows all of it") if whole_below else _("… press z to show all of it")
    return MarginText(blocks, most, Block(more, "$warning"))


def timeline_content(ticket: TicketView, *, whole: bool, now: datetime | None = None) -> MarginText:
    """Format the timeline, newest entry last.

    :param whole: show long texts in full, and the newest hand-over, which otherwise stands above.
    :param now: the current time, of whose year the year is left out; None for that of the newest
        entry.
    """
    now = now or max((event.at for event in ticket.events), default=ticket.created_at)
    blocks: list[Block] = []
    on_top = ticket.hand_over.at if ticket.hand_over and not whole else None
    for event in ticket.events:
        blocks += _event(ticket, event, now, whole=whole)
        if event.at != on_top:
            blocks += _hand_over_note(event)
    return MarginText(blocks)


def _hand_over_note(event: EventView) -> Iterator[Block]:
    """Yield what an entry hands over; the newest hand-over stands above the timeline instead."""
    for label, part in _HAND_OVER_PARTS.items() if event.type.is_hand_over else ():
        text = event.data.get(part)
        if isinstance(text, str) and text.strip():
            first = f"{_INTERNAL}{label:7} "
            yield Block(inert(text), "", first, f"{_INTERNAL}        ")


def _event(ticket: TicketView, event: EventView, now: datetime, *, whole: bool) -> Iterator[Block]:
    at = stamp_text(event.at, now)
    actor = one_line(event.actor)
    match event.type:
        case EntryType.LOGGED:
            who = one_line(ticket.requester.called) if ticket.requester else "unknown requester"
            where = f" in {event.data['queue']}" if "queue" in event.data else ""
            title = f"{at}  {who} ({ticket.channel}), logged by {actor}{where}"
            yield Block(title, "bold", rest=_PUBLIC)
            yield from _text(ticket.body, _PUBLIC, whole=whole)
        case EntryType.REPLIED:
            title = f"{at}  {actor} → requester{_reply_way(event)}"
            yield Block(title, "bold", rest=_PUBLIC)
            yield from _text(event.text, _PUBLIC, whole=whole)
        case EntryType.REQUESTER_WROTE:
            who = one_line(ticket.requester.called) if ticket.requester else "the requester"
            yield Block(f"{at}  {who}, recorded by {actor}", "bold $accent", rest=_PUBLIC)
            yield from _text(event.text, _PUBLIC, whole=whole)
        case EntryType.NOTED:
            style = "bold $secondary"
            yield Block(f"{at}  {actor}  internal", style, first=_INTERNAL, rest=_INTERNAL)
            yield from _text(event.text, _INTERNAL, whole=whole)
        case EntryType.WARNED | EntryType.BREACHED:
            style = "$error" if event.type is EntryType.BREACHED else "$warning"
            yield Block(f"{at}  {_alarm(event)}", style, f"{_alarm_symbol(event)} ", _RECORD)
        case EntryType.REAPPEARED:
            yield Block(f"{at}  {_phrase(event)}", "bold $warning", "⟲ ", _RECORD)
        case EntryType.CHANGED:
            yield Block(f"{at}  {actor} {_changes(event)}", "$secondary", _RECORD, _RECORD)
        case _:
            yield Block(f"{at}  {actor} {_phrase(event)}", "$secondary", _RECORD, _RECORD)
            margin = _PUBLIC if event.public else _INTERNAL
            yield from _text(event.text, margin, whole=whole)


def _reply_way(event: EventView) -> str:
    way = str(event.data.get("by", ""))
    return f", {ReplyWay(way).words}" if way in tuple(ReplyWay) else ""


def _phrase(event: EventView) -> str:
    if event.type is EntryType.ASSIGNED and event.data.get("from") and _is_to_actor(event):
        return _("took it over from {holder}").format(holder=one_line(str(event.data["from"])))
    words = {
        name: HIDDEN_TICKET if value is None else one_line(str(value))
        for name, value in event.data.items()
    }
    promise = event.data.get("promise")
    words["version"] = str(promise["version"]) if isinstance(promise, dict) else ""
    words["until"] = f"until {_stored(words['until'], event.at)}" if words.get("until") else ""
    skipped = event.data.get("skipped")
    words["skipped"] = f" past {', '.join(map(str, skipped))}" if isinstance(skipped, list) else ""
    words["follow_up"] = _follow_up(words.get("at", ""), event.at)
    words["billed"] = "" if event.data.get("billable", True) else "(not billable)"
    words["article"] = f"with {words['article']}" if words.get("article") else ""
    words["with"] = f" together with {words['with']}" if words.get("with") else ""
    words["change"] = f", fixed in change {words['change']}" if words.get("change") else ""
    try:
        return _PHRASES[event.type].format_map(words).strip().removesuffix(":")
    except KeyError:
        return event.type


def _is_to_actor(event: EventView) -> bool:
    return event.data.get("to") == event.actor


def _follow_up(at: str, now: datetime) -> str:
    if not at:
        return "removed the follow-up date"
    return f"set a follow-up for {_stored(at, now)}"


def _stored(stored: str, now: datetime) -> str:
    """Return a time that an entry stores in ISO 8601 as the screens show times."""
    try:
        return stamp_text(datetime.fromisoformat(stored), now)
    except (ValueError, OverflowError):  # of an older or a newer version of the program
        return stored


def _alarm_symbol(event: EventView) -> str:
    return SYMBOLS[
        CountdownStatus.BREACHED if event.type is EntryType.BREACHED else CountdownStatus.WARNING
    ]


def _alarm(event: EventView) -> str:
    clock = clock_title(str(event.data["clock"]), str(event.data.get("level", "")))
    used = "" if event.type is EntryType.BREACHED else f", {event.data['percent']} % used"
    undone = event.data.get("left_undone")
    rest = f" ({'; '.join(map(str, undone))})" if isinstance(undone, list) else ""
    return one_line(f"{clock} {event.type}{used}{rest}")


def _changes(event: EventView) -> str:
    changes = event.data.get("changes")
    if not isinstance(changes, list):
        return "changed it"
    parts = (
        f"{change['field']} {change['from'] or '–'} → {change['to'] or '–'}" for change in changes
    )
    reason = f" ({event.data['reason']})" if event.data.get("reason") else ""
    kept = event.data.get("targets_of")
    stays = _("; the targets of {priority} stay").format(priority=kept) if kept else ""
    return one_line("changed " + ", ".join(parts) + reason + stays)


def _text(text: str, margin: str, *, whole: bool) -> Iterator[Block]:
    if not text.strip():
        return
    shown = text if whole else text[:_MAX_CHARACTERS]
    lines = inert(unwrap(shown)).replace("\t", "    ").split("\n")
    cut = [] if whole else lines[_MAX_LINES:]
    lines = lines[: len(lines) - len(cut)]
    yield Block("\n".join(lines), "", margin, margin)
    left = len(text) - len(shown) + sum(len(line) + 1 for line in cut)
    if left > 0:
        more = f"… {left:,} more characters, press z to show all"
        yield Block(more, "$warning", margin, margin)
