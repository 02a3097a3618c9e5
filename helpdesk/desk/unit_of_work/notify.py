"""Who is told of a change of a ticket: one place, in the transaction of the change itself.

Nobody is told of what they did themselves.  Of one change, an agent is told once, by the reason
that concerns them most.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.desk.unit_of_work import confidentiality
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import Level
from helpdesk.domain.notices import NoticeKind, mentions
from helpdesk.store.models import Ticket
from helpdesk.store.people import notices
from helpdesk.store.ticket import tickets

_EXCERPT = 200
#: The reasons, from the one that matters most; an agent to whom two apply is told the first.
_GRAVITY = (
    NoticeKind.TO_LEAD,
    NoticeKind.BREACHED,
    NoticeKind.WARNED,
    NoticeKind.FOLLOW_UP,
    NoticeKind.ASSIGNED,
    NoticeKind.UNASSIGNED,
    NoticeKind.MENTIONED,
    NoticeKind.REQUESTER,
    NoticeKind.HANDED_OVER,
    NoticeKind.SKIPPED,
    NoticeKind.REAPPEARED,
    NoticeKind.CHANGED,
)


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of the timeline that was just made, with what telling of it needs.

    :ivar actor_id: who did it; None: the desk, or the requester.
    """

    type: EntryType
    at: datetime
    actor_id: int | None
    text: str
    data: Mapping[str, Any]


def tell(
    session: Session, ticket: Ticket, entries: Iterable[Told], assignee_before: int | None
) -> None:
    """Tell everybody whom these entries of one change concern.

    :param assignee_before: who had the ticket before the change.
    """
    reasons: dict[int, tuple[NoticeKind, Told]] = {}
    last: Told | None = None
    watching: set[int] | None = None
    for entry in entries:
        last = entry
        if watching is None and not entry.type.is_routine:
            watching = set(notices.watchers(session, ticket.id))
        if entry.type is EntryType.UNDONE:
            notices.withdraw(session, ticket.id, entry.actor_id, entry.data["of"])
        for kind, agents in _concerned(session, ticket, entry, assignee_before, watching or set()):
            for agent_id in agents - {entry.actor_id}:
                known = reasons.get(agent_id)
                # Of two equal reasons the later one counts: it says how the change ended.
                if known is None or _GRAVITY.index(kind) <= _GRAVITY.index(known[0]):
                    reasons[agent_id] = (kind, entry)
    if last is None:
        return
    for outsider in confidentiality.outsiders(session, ticket, reasons):
        del reasons[outsider]
    notices.add(
        session,
        [
            {
                "agent_id": agent_id,
                "ticket_id": ticket.id,
                "at": entry.at,
                "kind": kind,
                "actor_id": entry.actor_id,
                "data": _particulars(kind, entry),
                "read_at": None,
            }
            for agent_id, (kind, entry) in sorted(reasons.items())
        ],
    )


def _concerned(
    session: Session,
    ticket: Ticket,
    entry: Told,
    assignee_before: int | None,
    watching: set[int],
) -> Iterable[tuple[NoticeKind, set[int]]]:
    if not entry.type.is_routine:
        yield NoticeKind.CHANGED, watching | _whose(ticket.assignee_id, assignee_before)
    match entry.type:
        case EntryType.ASSIGNED:
            yield NoticeKind.UNASSIGNED, _whose(assignee_before)
            yield NoticeKind.ASSIGNED, notices.agents_named(session, [entry.data["to"]])
        case EntryType.NOTED | EntryType.REPLIED:
            yield NoticeKind.MENTIONED, _named(session, entry.text)
        case EntryType.ESCALATED | EntryType.RETURNED:
            yield NoticeKind.MENTIONED, _named(session, _hand_over_words(entry))
            yield NoticeKind.HANDED_OVER, _serving(session, Level(entry.data["to"]))
            for level in entry.data.get("skipped", ()):
                yield NoticeKind.SKIPPED, _serving(session, Level(level))
            if entry.type is EntryType.RETURNED:
                yield NoticeKind.HANDED_OVER, _who_escalated(session, ticket)
        case EntryType.ESCALATED_TO_LEAD:
            yield NoticeKind.TO_LEAD, notices.leads(session)
        case EntryType.REQUESTER_WROTE:
            yield NoticeKind.REQUESTER, _responsible(session, ticket)
        case EntryType.REAPPEARED:
            yield NoticeKind.REAPPEARED, _responsible(session, ticket)
        case EntryType.WARNED | EntryType.BREACHED:
            is_warning = entry.type is EntryType.WARNED
            kind = NoticeKind.WARNED if is_warning else NoticeKind.BREACHED
            yield kind, _told_of_alarm(session, ticket, entry.data["notify"])
        case EntryType.FOLLOW_UP_DUE:
            yield NoticeKind.FOLLOW_UP, _whose(ticket.assignee_id) or _whose(entry.data["by"])


def _whose(*agents: int | None) -> set[int]:
    return {agent for agent in agents if agent is not None}


def _responsible(session: Session, ticket: Ticket) -> set[int]:
    """Return the assignee, or, of a ticket that nobody has claimed, those who serve its queue."""
    return _whose(ticket.assignee_id) or _serving(session, ticket.queue)


def _serving(session: Session, level: Level) -> set[int]:
    return set(notices.members(session, level))


def _named(session: Session, text: str) -> set[int]:
    named = mentions(text)
    return notices.agents_named(session, named) if named else set()


def _hand_over_words(entry: Told) -> str:
    words = ("reason", "tried", "known", "asked", "references")
    return "\n".join(str(entry.data.get(word, "")) for word in words)


def _who_escalated(session: Session, ticket: Ticket) -> set[int]:
    """Return who sent it up last: they want to know that it is back."""
    up = tickets.events_of_types(session, ticket.id, (EntryType.ESCALATED,))
    return _whose(up[-1].actor_id) if up else set()


def _told_of_alarm(session: Session, ticket: Ticket, told: Iterable[str]) -> set[int]:
    concerned: set[int] = set()
    if "lead" in told:
        concerned |= notices.leads(session)
    if "assignee" in told:
        concerned |= _responsible(session, ticket)
    return concerned


def _particulars(kind: NoticeKind, entry: Told) -> dict[str, Any]:
    """Return what the notice says besides its kind; the rest stands in the timeline."""
    names = ("from", "to", "reason", "clock", "percent", "level", "problem", "version")
    found = {name: entry.data[name] for name in names if name in entry.data}
    if kind is NoticeKind.CHANGED:
        found["entry"] = entry.type
    text = entry.text
    if kind is NoticeKind.MENTIONED and not text:
        text = _hand_over_words(entry)
    if text:
        found["text"] = " ".join(text[: 4 * _EXCERPT].split())[:_EXCERPT]
    return found
