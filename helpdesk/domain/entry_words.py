"""What an entry of a ticket's timeline says, in one line for people."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.i18n import _
from helpdesk.domain.references import HIDDEN_TICKET
from helpdesk.domain.sla.clock import clock_title
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import ReplyWay

#: The line for each type of entry, with placeholders for the entry's data.  Alarms and changes of
#: fields are formatted by the functions below.
_PHRASES = {
    EntryType.LOGGED: "logged it {by_channel}",
    EntryType.REPLIED: "answered the requester {way}",
    EntryType.REQUESTER_WROTE: "recorded what the requester{via} wrote",
    EntryType.NOTED: "noted",
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
    EntryType.JOINED: "joined {duplicate} to it{took}: {subject}",
    EntryType.REAPPEARED: "reappeared: {problem}{change}",
    EntryType.TICKED: "ticked {sop} {step}: {text}",
    EntryType.UNTICKED: "unticked {sop} {step}: {text}",
    EntryType.CONTINUED: "logged what the requester said afterwards as {in}",
    EntryType.CAUSE_RESOLVED: "resolved the {kind} to which it is linked: {ticket}",
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


def entry_words(
    entry: EntryType,
    data: Mapping[str, Any],
    *,
    actor: str,
    at: datetime,
    time_text: Callable[[datetime, datetime], str],
) -> str:
    """Return what an entry says, as what its actor did: "claimed it".

    An alarm has no actor: "resolution breached".  An entry of a type that this version of the
    program does not know gives the name of its type.

    :param data: the data of the entry; None stands for a ticket that may not be seen.
    :param actor: the login of the agent, or the name of what acted.
    :param at: when it was recorded.
    :param time_text: formats a time, given that time and ``at``.
    """
    if entry.is_alarm:
        return _alarm(entry, data)
    if entry is EntryType.BROUGHT:
        return _brought(data, at, time_text)
    if entry is EntryType.CHANGED:
        return _changes(data)
    if entry is EntryType.ASSIGNED and data.get("from") and data.get("to") == actor:
        return _("took it over from {holder}").format(holder=one_line(str(data["from"])))
    try:
        phrase = _PHRASES[entry]
        return phrase.format_map(_words(data, at, time_text)).strip().removesuffix(":")
    except KeyError:
        return entry


def reply_way(data: Mapping[str, Any]) -> str:
    """Return how an answer reached the requester: "by phone", or "" if it is not known."""
    way = str(data.get("by", ""))
    return ReplyWay(way).words if way in tuple(ReplyWay) else ""


def _stored(stored: str, at: datetime, time_text: Callable[[datetime, datetime], str]) -> str:
    """Return a time that an entry stores in ISO 8601 as other times are shown."""
    try:
        return time_text(datetime.fromisoformat(stored), at)
    except (ValueError, OverflowError):  # of an older or a newer version of the program
        return stored


def _taken_along(words: Mapping[str, str]) -> str:
    """Return what a merged ticket brought, such as `` with #vip, 45m of time, parent HD-7``."""
    parts = [f"#{tag}" for tag in words.get("tags", "").split()]
    parts += [_("{spent} of time").format(spent=words["spent"])] if words.get("spent") else []
    parts += [words["links"]] if words.get("links") else []
    return _(" with {things}").format(things=", ".join(parts)) if parts else ""


def _brought(
    data: Mapping[str, Any], at: datetime, time_text: Callable[[datetime, datetime], str]
) -> str:
    """Return from where a text came along, and whose it was when."""
    told = {name: one_line(str(value or "")) for name, value in data.items()}
    words = {
        EntryType.REQUESTER_WROTE: _("the requester wrote"),
        EntryType.REPLIED: _("{who} answered"),
    }.get(EntryType.read(told.get("was", "")), _("{who} noted"))
    return _("{words} at {at}, from {ticket}").format(
        words=words.format(who=told.get("by", "")),
        at=_stored(told.get("at", ""), at, time_text),
        ticket=told.get("from") or HIDDEN_TICKET,
    )


def _words(
    data: Mapping[str, Any], at: datetime, time_text: Callable[[datetime, datetime], str]
) -> dict[str, str]:
    """Return the values of the placeholders."""

    def stored(time: str) -> str:
        return _stored(time, at, time_text)

    words = {
        name: HIDDEN_TICKET if value is None else one_line(str(value))
        for name, value in data.items()
    }
    promise = data.get("promise")
    words["version"] = str(promise["version"]) if isinstance(promise, dict) else ""
    words["until"] = f"until {stored(words['until'])}" if words.get("until") else ""
    skipped = data.get("skipped")
    words["skipped"] = f" past {', '.join(map(str, skipped))}" if isinstance(skipped, list) else ""
    follow_up = words.get("at", "")
    words["follow_up"] = (
        f"set a follow-up for {stored(follow_up)}" if follow_up else "removed the follow-up date"
    )
    words["billed"] = "" if data.get("billable", True) else "(not billable)"
    words["took"] = _taken_along(words)
    words["via"] = f" of {words['via']}" if words.get("via") else ""
    words["article"] = f"with {words['article']}" if words.get("article") else ""
    words["with"] = f" together with {words['with']}" if words.get("with") else ""
    words["change"] = f", fixed in change {words['change']}" if words.get("change") else ""
    words["by_channel"] = f"({words['channel']})" if words.get("channel") else ""
    words["way"] = reply_way(data)
    return words


def _alarm(entry: EntryType, data: Mapping[str, Any]) -> str:
    clock = clock_title(str(data["clock"]), str(data.get("level", "")))
    used = "" if entry is EntryType.BREACHED else f", {data['percent']} % used"
    undone = data.get("left_undone")
    rest = f" ({'; '.join(map(str, undone))})" if isinstance(undone, list) else ""
    return one_line(f"{clock} {entry}{used}{rest}")


def _changes(data: Mapping[str, Any]) -> str:
    changes = data.get("changes")
    if not isinstance(changes, list):
        return "changed it"
    parts = (
        f"{change['field']} {change['from'] or '–'} → {change['to'] or '–'}" for change in changes
    )
    reason = f" ({data['reason']})" if data.get("reason") else ""
    kept = data.get("targets_of")
    stays = _("; the targets of {priority} stay").format(priority=kept) if kept else ""
    return one_line("changed " + ", ".join(parts) + reason + stays)
