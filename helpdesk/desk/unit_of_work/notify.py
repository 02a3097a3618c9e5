"""Notify agents of a change of a ticket, in the transaction of the change.

Nobody is notified of their own changes.  Each agent gets at most one notice for a change: the one
with the most important reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.desk.unit_of_work import confidentiality, mentioned
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import Level
from helpdesk.domain.notices import NoticeKind
from helpdesk.store.models import Ticket
from helpdesk.store.people import notices, serving
from helpdesk.store.ticket import tickets

_EXCERPT = 200
#: The reasons for a notice, the most important first.
_IMPORTANCE = (
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
class NewEntry:
    """A timeline entry that was just recorded, with the data that notices need.

    :ivar actor_id: the agent who made it; None for the desk itself and for the requester.
    """

    type: EntryType
    at: datetime
    actor_id: int | None
    text: str
    data: Mapping[str, Any]


def notify_agents(
    session: Session, ticket: Ticket, entries: Iterable[NewEntry], assignee_before: int | None
) -> None:
    """Notify every agent whom the entries of one change concern.

    :param entries: the new timeline entries of the change, oldest first.
    :param assignee_before: the database id of the assignee before the change.
    """
    reasons: dict[int, tuple[NoticeKind, NewEntry]] = {}
    last: NewEntry | None = None
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
                # Of two equal reasons the later one wins, because it tells how the change ended.
                if known is None or _IMPORTANCE.index(kind) <= _IMPORTANCE.index(known[0]):
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
                "data": _notice_data(kind, entry),
                "read_at": None,
            }
            for agent_id, (kind, entry) in sorted(reasons.items())
        ],
    )


def _concerned(
    session: Session,
    ticket: Ticket,
    entry: NewEntry,
    assignee_before: int | None,
    watching: set[int],
) -> Iterable[tuple[NoticeKind, set[int]]]:
    if not entry.type.is_routine:
        yield NoticeKind.CHANGED, watching | _agents(ticket.assignee_id, assignee_before)
    match entry.type:
        case EntryType.ASSIGNED:
            yield NoticeKind.UNASSIGNED, _agents(assignee_before)
            yield NoticeKind.ASSIGNED, notices.agents_named(session, [entry.data["to"]])
        case EntryType.NOTED | EntryType.REPLIED:
            yield NoticeKind.MENTIONED, mentioned.reached(session, entry.text)
        case EntryType.ESCALATED | EntryType.RETURNED:
            text = mentioned.hand_over_text(entry.data)
            yield NoticeKind.MENTIONED, mentioned.reached(session, text)
            yield NoticeKind.HANDED_OVER, _serving(session, Level(entry.data["to"]))
            for level in entry.data.get("skipped", ()):
                yield NoticeKind.SKIPPED, _serving(session, Level(level))
            if entry.type is EntryType.RETURNED:
                yield NoticeKind.HANDED_OVER, _last_escalator(session, ticket)
        case EntryType.ESCALATED_TO_LEAD:
            yield NoticeKind.TO_LEAD, notices.leads(session)
        case EntryType.REQUESTER_WROTE:
            yield NoticeKind.REQUESTER, _responsible(session, ticket)
        case EntryType.REAPPEARED | EntryType.CAUSE_RESOLVED:
            recurs = entry.type is EntryType.REAPPEARED
            kind = NoticeKind.REAPPEARED if recurs else NoticeKind.CHANGED
            yield kind, _responsible(session, ticket)
        case EntryType.WARNED | EntryType.BREACHED:
            is_warning = entry.type is EntryType.WARNED
            kind = NoticeKind.WARNED if is_warning else NoticeKind.BREACHED
            yield kind, _alarm_recipients(session, ticket, entry.data["notify"])
        case EntryType.FOLLOW_UP_DUE:
            yield NoticeKind.FOLLOW_UP, _agents(ticket.assignee_id) or _agents(entry.data["by"])


def _agents(*agents: int | None) -> set[int]:
    return {agent for agent in agents if agent is not None}


def _responsible(session: Session, ticket: Ticket) -> set[int]:
    """Return the assignee; for an unclaimed ticket, the agents who serve its queue."""
    return _agents(ticket.assignee_id) or _serving(session, ticket.queue)


def _serving(session: Session, level: Level) -> set[int]:
    return set(serving.members(session, level))


def _last_escalator(session: Session, ticket: Ticket) -> set[int]:
    """Return the agent who escalated the ticket last."""
    escalations = tickets.events_of_types(session, ticket.id, (EntryType.ESCALATED,))
    return _agents(escalations[-1].actor_id) if escalations else set()


def _alarm_recipients(session: Session, ticket: Ticket, roles: Iterable[str]) -> set[int]:
    concerned: set[int] = set()
    if "lead" in roles:
        concerned |= notices.leads(session)
    if "assignee" in roles:
        concerned |= _responsible(session, ticket)
    return concerned


def _notice_data(kind: NoticeKind, entry: NewEntry) -> dict[str, Any]:
    """Return the data of a notice: those parts of the entry that the inbox shows."""
    names = (
        *("from", "to", "reason", "clock", "percent", "level", "problem", "version"),
        *("kind", "ticket"),
    )
    found = {name: entry.data[name] for name in names if name in entry.data}
    if kind is NoticeKind.CHANGED:
        found["entry"] = entry.type
    text = entry.text
    if kind is NoticeKind.MENTIONED and not text:
        text = mentioned.hand_over_text(entry.data)
    if text:
        found["text"] = " ".join(text[: 4 * _EXCERPT].split())[:_EXCERPT]
    return found
