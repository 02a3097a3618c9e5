"""Format a ticket's timeline: texts in full, all other entries in one line each."""

from collections.abc import Iterator
from datetime import datetime

from helpdesk.desk.ticket.views import EventView, HandOverView, TicketView
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.entry_words import entry_words, reply_way
from helpdesk.domain.i18n import _
from helpdesk.domain.reflow import unwrap
from helpdesk.domain.text import inert, one_line
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
            if event.data.get("via"):
                who = _("the requester of {ticket}").format(ticket=event.data["via"])
            yield Block(f"{at}  {who}, recorded by {actor}", "bold $accent", rest=_PUBLIC)
            yield from _text(event.text, _PUBLIC, whole=whole)
        case EntryType.BROUGHT:
            margin = _PUBLIC if event.public else _INTERNAL
            yield Block(f"{at}  {_phrase(event)}", "bold $secondary", margin, margin)
            yield from _text(event.text, margin, whole=whole)
        case EntryType.NOTED:
            style = "bold $secondary"
            yield Block(f"{at}  {actor}  internal", style, first=_INTERNAL, rest=_INTERNAL)
            yield from _text(event.text, _INTERNAL, whole=whole)
        case EntryType.WARNED | EntryType.BREACHED:
            style = "$error" if event.type is EntryType.BREACHED else "$warning"
            yield Block(f"{at}  {_phrase(event)}", style, f"{_alarm_symbol(event)} ", _RECORD)
        case EntryType.REAPPEARED:
            yield Block(f"{at}  {_phrase(event)}", "bold $warning", "⟲ ", _RECORD)
        case EntryType.CHANGED:
            yield Block(f"{at}  {actor} {_phrase(event)}", "$secondary", _RECORD, _RECORD)
        case _:
            yield Block(f"{at}  {actor} {_phrase(event)}", "$secondary", _RECORD, _RECORD)
            margin = _PUBLIC if event.public else _INTERNAL
            yield from _text(event.text, margin, whole=whole)


def _reply_way(event: EventView) -> str:
    way = reply_way(event.data)
    return f", {way}" if way else ""


def _phrase(event: EventView) -> str:
    return entry_words(event.type, event.data, actor=event.actor, at=event.at, time_text=stamp_text)


def _alarm_symbol(event: EventView) -> str:
    return SYMBOLS[
        CountdownStatus.BREACHED if event.type is EntryType.BREACHED else CountdownStatus.WARNING
    ]


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
