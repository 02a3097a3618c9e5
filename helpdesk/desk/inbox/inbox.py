"""An agent's inbox: what they were told of, read or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from helpdesk.desk.session import Desk
from helpdesk.domain.errors import NotFoundError
from helpdesk.domain.escalation import Level
from helpdesk.domain.notices import NoticeKind
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import State, ref
from helpdesk.store.people import notices


@dataclass(frozen=True, slots=True)
class NoticeView:
    """Something that the acting agent was told of.

    :ivar number: later ones have higher ones.
    :ivar actor: who did it, or "" for the desk itself and for the requester.
    :ivar data: the particulars by name, as far as there are: ``from`` and ``to`` (levels, logins),
        ``reason``, ``clock``, ``percent``, ``level``, ``entry`` (the type of a change's entry),
        ``text`` (the beginning of what was written).
    :ivar state: how the ticket stands now.
    """

    number: int
    at: datetime
    kind: NoticeKind
    ticket: int
    ref: str
    subject: str
    queue: Level
    state: State
    actor: str
    data: Mapping[str, object]
    read: bool


def listing(desk: Desk, *, only_unread: bool = False, limit: int = 500) -> tuple[NoticeView, ...]:
    """Return the acting agent's notices, newest first."""
    desk.require(Right.READ)
    return _views(desk, limit=limit, only_unread=only_unread)


def since(desk: Desk, number: int) -> tuple[NoticeView, ...]:
    """Return what has come after a notice, oldest first."""
    return tuple(reversed(_views(desk, after=number, limit=200)))


def newest(desk: Desk) -> int:
    """Return the number of the newest notice; 0 if there has been none."""
    with desk.database.read() as session:
        return notices.newest(session, desk.agent_id)


def mark_read(desk: Desk, number: int, *, read: bool = True) -> None:
    """Let a notice be read, or unread again.

    :raises NotFoundError: if the acting agent has no such notice.
    """
    with desk.database.write() as session:
        if not notices.has(session, desk.agent_id, number):
            raise NotFoundError(f"there is no notice {number} in the inbox of {desk.login}.")
        notices.mark(session, desk.agent_id, desk.now() if read else None, number=number)


def mark_ticket_read(desk: Desk, ticket: int) -> int:
    """Let all notices of a ticket be read: its screen has been opened; return how many."""
    with desk.database.read() as session:
        if not notices.unread_of_ticket(session, desk.agent_id, ticket):
            return 0
    with desk.database.write() as session:
        return notices.mark(session, desk.agent_id, desk.now(), ticket=ticket)


def mark_all_read(desk: Desk) -> int:
    """Let all notices be read; return how many were not."""
    with desk.database.write() as session:
        return notices.mark(session, desk.agent_id, desk.now())


def _views(
    desk: Desk, *, after: int = 0, limit: int, only_unread: bool = False
) -> tuple[NoticeView, ...]:
    with desk.database.read() as session:
        rows = notices.of_agent(
            session, desk.agent_id, after=after, limit=limit, only_unread=only_unread
        )
        return tuple(
            NoticeView(
                number=notice.id,
                at=notice.at,
                kind=notice.kind,
                ticket=notice.ticket_id,
                ref=ref(notice.ticket_id),
                subject=subject,
                queue=queue,
                state=state,
                actor=login or "",
                data={name: one for name, one in notice.data.items() if name != "version"},
                read=notice.read_at is not None,
            )
            for notice, subject, queue, state, login in rows
        )
