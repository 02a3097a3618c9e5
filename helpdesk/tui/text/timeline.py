"""Format a ticket's timeline: texts in full, all other entries in one line each."""

from collections.abc import Iterator
from datetime import datetime

from textual.content import Content

from helpdesk.desk.ticket.views import EventView, HandOverView, TicketView
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.references import HIDDEN_TICKET
from helpdesk.domain.sla.clock import clock_title
from helpdesk.domain.text import inert, one_line
from helpdesk.tui.text.countdown import SYMBOLS, CountdownStatus

#: How much of a long text is shown before the user asks for all of it.
_MAX_LINES, _MAX_CHARACTERS = 200, 8_000

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


def hand_over_content(hand_over: HandOverView) -> Content:
    """Format the newest hand-over, which the receiving level reads first."""
    note = hand_over.note
    parts = [
        Content.styled(
            f"HAND-OVER {hand_over.source} → {hand_over.target}  "
            f"{hand_over.at.astimezone():%b %d %H:%M}  {one_line(hand_over.actor)}",
            "bold $accent",
        ),
        Content(f"reason  {one_line(hand_over.reason)}"),
    ]
    for name, text in (
        ("tried", note.tried),
        ("known", note.known),
        ("asked", note.asked),
        ("see", note.references),
    ):
        if text:
            first, *rest = inert(text).split("\n")
            lines = [f"{name:7} {first}", *(f"        {line}" for line in rest)]
            parts.append(Content("\n".join(lines)))
    return Content("\n").join(parts)


def timeline_content(ticket: TicketView, *, whole: bool) -> Content:
    """Format the timeline, newest entry last.

    :param whole: show long texts in full.
    """
    blocks: list[Content] = []
    for event in ticket.events:
        blocks += _event(ticket, event, whole=whole)
    return Content("\n").join(blocks)


def _event(ticket: TicketView, event: EventView, *, whole: bool) -> Iterator[Content]:
    at = f"{event.at.astimezone():%b %d %H:%M}"
    actor = one_line(event.actor)
    match event.type:
        case EntryType.LOGGED:
            who = one_line(ticket.requester.called) if ticket.requester else "unknown requester"
            yield Content.styled(f"{at}  {who} ({ticket.channel}), logged by {actor}", "bold")
            yield from _text(ticket.body, "  ", whole=whole)
        case EntryType.REPLIED:
            yield Content.styled(f"{at}  {actor} → requester", "bold")
            yield from _text(event.text, "  ", whole=whole)
        case EntryType.REQUESTER_WROTE:
            who = one_line(ticket.requester.called) if ticket.requester else "the requester"
            yield Content.styled(f"{at}  {who}, recorded by {actor}", "bold $accent")
            yield from _text(event.text, "  ", whole=whole)
        case EntryType.NOTED:
            yield Content.styled(f"┃ {at}  {actor}  internal", "bold $secondary")
            yield from _text(event.text, "┃ ", whole=whole)
        case EntryType.WARNED | EntryType.BREACHED:
            style = "$error" if event.type is EntryType.BREACHED else "$warning"
            yield Content.styled(f"{_alarm_symbol(event)} {at}  {_alarm(event)}", style)
        case EntryType.REAPPEARED:
            yield Content.styled(f"⟲ {at}  {_phrase(event)}", "bold $warning")
        case EntryType.CHANGED:
            yield Content.styled(f"· {at}  {actor} {_changes(event)}", "$secondary")
        case _:
            yield Content.styled(f"· {at}  {actor} {_phrase(event)}", "$secondary")
            if event.text:
                yield from _text(event.text, "  ", whole=whole)


def _phrase(event: EventView) -> str:
    words = {
        name: HIDDEN_TICKET if value is None else one_line(str(value))
        for name, value in event.data.items()
    }
    promise = event.data.get("promise")
    words["version"] = str(promise["version"]) if isinstance(promise, dict) else ""
    words["until"] = f"until {words['until'][:16]}" if words.get("until") else ""
    skipped = event.data.get("skipped")
    words["skipped"] = f" past {', '.join(map(str, skipped))}" if isinstance(skipped, list) else ""
    words["follow_up"] = _follow_up(words.get("at", ""))
    words["billed"] = "" if event.data.get("billable", True) else "(not billable)"
    words["article"] = f"with {words['article']}" if words.get("article") else ""
    words["with"] = f" together with {words['with']}" if words.get("with") else ""
    words["change"] = f", fixed in change {words['change']}" if words.get("change") else ""
    try:
        return _PHRASES[event.type].format_map(words).strip().removesuffix(":")
    except KeyError:
        return event.type


def _follow_up(at: str) -> str:
    if not at:
        return "removed the follow-up date"
    return f"set a follow-up for {datetime.fromisoformat(at).astimezone():%b %d %H:%M}"


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
    return one_line("changed " + ", ".join(parts) + reason)


def _text(text: str, margin: str, *, whole: bool) -> Iterator[Content]:
    if not text.strip():
        return
    shown = text if whole else text[:_MAX_CHARACTERS]
    lines = inert(shown).replace("\t", "    ").split("\n")
    if not whole:
        lines = lines[:_MAX_LINES]
    yield Content("\n".join(f"{margin}{line}" for line in lines))
    left = len(text) - sum(len(line) + 1 for line in lines)
    if not whole and left > 0:
        yield Content.styled(f"{margin}… {left:,} more characters, press z to show all", "$warning")
