"""Read the notices in an agent's inbox, and mark them as read."""

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
    """A notice to the acting agent.

    :ivar number: the number of the notice; later notices have higher numbers.
    :ivar at: when it was sent (UTC).
    :ivar actor: the login of the agent who caused it, or "" for the desk itself and the requester.
    :ivar data: the details, depending on the kind: ``from`` and ``to`` (levels, logins),
        ``reason``, ``clock``, ``percent``, ``level``, ``entry`` (the type of the timeline entry),
        ``text`` (the beginning of what was written).
    :ivar queue: the queue in which the ticket is now.
    :ivar state: the state of the ticket now.
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
    """Return the notices after the one of that number, oldest first; the newest 200 at most."""
    return tuple(reversed(_views(desk, after=number, limit=200)))


def newest(desk: Desk) -> int:
    """Return the number of the agent's newest notice, or 0 if there is none."""
    with desk.database.read() as session:
        return notices.newest(session, desk.agent_id)


def mark_read(desk: Desk, number: int, *, read: bool = True) -> None:
    """Mark a notice as read or unread.

    :raises NotFoundError: if the acting agent has no such notice.
    """
    with desk.database.write() as session:
        if not notices.has(session, desk.agent_id, number):
            raise NotFoundError(
                f"there is no notice {number} in the inbox of {desk.login}: "
                "'helpdesk inbox --all' lists them."
            )
        notices.mark(session, desk.agent_id, desk.now() if read else None, number=number)


def mark_ticket_read(desk: Desk, ticket: int) -> int:
    """Mark all notices of a ticket as read, when its screen is opened; return how many."""
    with desk.database.read() as session:
        if not notices.unread_of_ticket(session, desk.agent_id, ticket):
            return 0
    with desk.database.write() as session:
        return notices.mark(session, desk.agent_id, desk.now(), ticket=ticket)


def mark_all_read(desk: Desk) -> int:
    """Mark all notices as read; return how many were unread."""
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
                data={name: value for name, value in notice.data.items() if name != "version"},
                read=notice.read_at is not None,
            )
            for notice, subject, queue, state, login in rows
        )
