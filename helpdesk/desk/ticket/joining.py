"""What a merged ticket takes along into the one that goes on, and how it comes back.

Tags, time spent, links, further requesters, watchers and running timers move or are added; a date
to look again, a number to call and a request for the lead go along if the other ticket has none.
The timeline stays where it is.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from helpdesk.desk.ticket import duplicates, parents
from helpdesk.desk.unit_of_work import fields
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.tags import MAX_TAGS, TagChange
from helpdesk.domain.ticket import LinkKind, parse_ref, ref
from helpdesk.domain.time_spent import minutes_text
from helpdesk.store.database import visibility
from helpdesk.store.models import Ticket, TicketEvent, TicketLink, Watcher
from helpdesk.store.people import notices
from helpdesk.store.ticket import relations, tags, tickets, time_entries

#: The columns that the other ticket gets if it has no value of its own.
_IF_NONE = ("callback", "follow_up_at", "with_lead_since")

#: A link as (ticket, other ticket, kind), the tickets as references.
_LinkRef = tuple[str, str, str]


def join(change: TicketChange, target: Ticket) -> None:
    """Take along what belongs to the work, and record on the other ticket what it got."""
    other = change.for_other_ticket(target)
    mail = duplicates.add_requesters(change, target)
    links = _move_links(change, other)
    more_tags = _add_tags(change, other)
    times = _move_time(change, target)
    watching = _new_watchers(change, target)
    moved = {
        "tags": more_tags,
        "time": times,
        "links": links,
        "timers": _move_timers(change, target),
        "watchers": watching,
        "values": _fill_values(change, target),
    }
    words = {
        "tags": " ".join(more_tags),
        "spent": _spent(change, times),
        "links": ", ".join(_link_text(one["after"], other.ref) for one in links if one["after"]),
    }
    data = {"duplicate": change.ref, "subject": change.ticket.subject, "requester": mail}
    other.record(
        EntryType.JOINED,
        data={**data, **{name: text for name, text in words.items() if text}, "moved": moved},
    )
    other.finish()
    for agent in watching:  # afterwards: they are told of the merge by this ticket
        notices.watch(change.session, target.id, agent, wanted=True)


def _add_tags(change: TicketChange, other: TicketChange) -> list[str]:
    has = tags.of_ticket(change.session, other.ticket.id)
    own = tags.of_ticket(change.session, change.ticket.id)
    more = [tag for tag in own if tag not in has][: max(0, MAX_TAGS - len(has))]
    if more:
        fields.set_tags(other, TagChange(add=tuple(more)))
    return more


def _move_time(change: TicketChange, target: Ticket) -> list[int]:
    """Move the time entries, unless another customer would pay for them."""
    ticket = change.ticket
    if ticket.customer_id not in (None, target.customer_id):
        return []
    rows = [row for row, _ in time_entries.of_ticket(change.session, ticket.id)]
    for row in rows:
        row.ticket_id = target.id
    return [row.id for row in rows]


def _spent(change: TicketChange, numbers: Sequence[int]) -> str:
    minutes = sum(row.minutes for row in time_entries.by_number(change.session, numbers))
    return minutes_text(minutes) if minutes > 0 else ""


def _move_timers(change: TicketChange, target: Ticket) -> list[int]:
    rows = time_entries.timers_on(change.session, change.ticket.id)
    for row in rows:
        row.ticket_id = target.id
    return [row.agent_id for row in rows]


def _new_watchers(change: TicketChange, target: Ticket) -> list[int]:
    session = change.session
    watching = notices.watchers(session, target.id)
    return [one for one in notices.watchers(session, change.ticket.id) if one not in watching]


def _fill_values(change: TicketChange, target: Ticket) -> dict[str, Any]:
    taken: dict[str, Any] = {}
    for name in _IF_NONE:
        value = change.value_before(name)
        if value and not getattr(target, name):
            setattr(target, name, value)
            taken[name] = value if isinstance(value, str) else int(value.timestamp())
    return taken


def _move_links(change: TicketChange, other: TicketChange) -> list[dict[str, Any]]:
    """Move the links; one that would make no sense on the other ticket stays."""
    session, number, target = change.session, change.ticket.id, other.ticket.id
    following = {one.id for one in relations.followers(session, number)}
    moved: list[dict[str, Any]] = []
    for link in relations.link_rows(session, number):
        ends = (link.ticket_id, link.other_id)
        kind = LinkKind(link.kind)
        before = (ref(link.ticket_id), ref(link.other_id), str(kind))
        if target in ends:
            if ends == (target, number) and kind is LinkKind.PARENT:  # its parent has ended
                session.delete(link)
                session.flush()
                moved.append({"before": before, "after": None})
            continue
        if kind is LinkKind.DUPLICATE and link.ticket_id not in following:
            continue  # of a ticket that ended before: its way leads on from here
        start, end = (target if one == number else one for one in ends)
        exists = tickets.has_link(session, start, end, kind)
        if kind is LinkKind.PARENT and not exists and not _is_tree(other, start, end):
            continue
        session.delete(link)
        session.flush()
        if not exists:
            session.add(TicketLink(ticket_id=start, other_id=end, kind=kind))
            session.flush()
        after = None if exists else (ref(start), ref(end), str(kind))
        moved.append({"before": before, "after": after})
    return moved


def _is_tree(other: TicketChange, child: int, parent: int) -> bool:
    """Whether a link to a parent would leave the tickets in a tree."""
    above: int | None = parent
    seen = set[int]()
    while above is not None and above not in seen:
        if above == child:
            return False
        seen.add(above)
        above = tickets.parent_of(other.session, above)
    if child != other.ticket.id:
        return True
    try:
        parents.require_tree(other, parent)
    except RefusedError:
        return False
    return True


def _link_text(link: _LinkRef, target: str) -> str:
    number, other, kind = link
    return f"{kind} {other}" if number == target else f"{kind} of {number}"


def part(change: TicketChange, number: int, *, follows: bool = False) -> None:
    """Give back what a merged ticket took along, and record that on the ticket that had it.

    :param number: the ticket into which the other was merged, or which it followed.
    :param follows: whether it still is a duplicate that follows, so that its requesters stay there.
    """
    session = change.session
    if not follows:
        tickets.remove_link(session, change.ticket.id, number, LinkKind.DUPLICATE)
    if visibility.is_hidden(session, number):
        return  # nothing is changed on a ticket that the agent may not see
    if not follows:
        relations.remove_requesters(session, number, change.ticket.id)
    other = change.for_other_ticket(tickets.load(session, number))
    joined = joined_entry(change, number)
    if joined is not None:
        _give_back(change, other, joined.data.get("moved", {}))
    of = joined.data["version"] if joined is not None else 0
    other.record(EntryType.UNDONE, data={"of": of, "what": f"joining {change.ref}"})
    other.finish()


def joined_entry(change: TicketChange, number: int) -> TicketEvent | None:
    """Return the newest entry of a ticket that this one joined it, or None."""
    entries = tickets.events_of_types(change.session, number, (EntryType.JOINED,))
    own = [entry for entry in entries if entry.data.get("duplicate") == change.ref]
    return own[-1] if own else None


def _give_back(change: TicketChange, other: TicketChange, moved: Mapping[str, Any]) -> None:
    session, number, target = change.session, change.ticket.id, other.ticket
    fields.set_tags(other, TagChange(remove=tuple(moved.get("tags", ()))))
    for row in time_entries.with_corrections(session, moved.get("time", ())):
        row.ticket_id = number
    for timer in time_entries.timers_on(session, target.id):
        if timer.agent_id in moved.get("timers", ()):
            timer.ticket_id = number
    for agent in moved.get("watchers", ()):
        watcher = session.get(Watcher, (target.id, agent))
        if watcher is not None:
            session.delete(watcher)
    for name, value in moved.get("values", {}).items():
        current = getattr(target, name)
        if current and value == (current if isinstance(current, str) else int(current.timestamp())):
            setattr(target, name, "" if isinstance(current, str) else None)
    for link in reversed(moved.get("links", ())):
        _move_link_back(change, link["before"], link["after"])
    session.flush()


def _move_link_back(change: TicketChange, before: _LinkRef, after: _LinkRef | None) -> None:
    session = change.session
    if after is not None:
        number, other, kind = parse_ref(after[0]), parse_ref(after[1]), LinkKind(after[2])
        if not tickets.has_link(session, number, other, kind):
            return  # somebody has removed it since
        tickets.remove_link(session, number, other, kind)
        session.flush()
    number, other, kind = parse_ref(before[0]), parse_ref(before[1]), LinkKind(before[2])
    if not tickets.has_link(session, number, other, kind):
        session.add(TicketLink(ticket_id=number, other_id=other, kind=kind))
        session.flush()
