"""Queries about notices, their recipients and the watchers of tickets."""

import random
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from helpdesk.domain.notices import NoticeKind
from helpdesk.domain.roles import Role
from helpdesk.store.database import visibility
from helpdesk.store.models import Agent, Notice, Ticket, Watcher

#: Only the newest so many notices of an agent are kept, read or not.
KEPT_PER_AGENT = 500
#: Of these kinds an agent has at most one unread notice for each ticket, the newest: otherwise a
#: ticket that is handed back and forth would fill the inbox.
_NEWEST_ONLY = (NoticeKind.CHANGED, NoticeKind.HANDED_OVER)
#: About one change in so many deletes the old notices of one of its recipients, chosen at random.
SWEEP_EVERY = 4

#: Spelled as in the partial index, so that the planner uses it.
_UNREAD: ColumnElement[bool] = literal_column("notices.read_at IS NULL")


def add(session: Session, rows: list[dict[str, Any]]) -> None:
    """Add notices, given as dicts by column name, which are all about one ticket."""
    if not rows:
        return
    for kind in _NEWEST_ONLY:
        agents = [row["agent_id"] for row in rows if row["kind"] is kind]
        if agents:
            session.execute(
                delete(Notice)
                .where(
                    _UNREAD,
                    Notice.kind == kind,
                    Notice.ticket_id == rows[0]["ticket_id"],
                    Notice.agent_id.in_(agents),
                )
                .execution_options(synchronize_session=False)
            )
    session.execute(insert(Notice), rows)
    if random.randrange(SWEEP_EVERY) == 0:  # noqa: S311  (no secret)
        _delete_old(session, random.choice(rows)["agent_id"])  # noqa: S311


def _delete_old(session: Session, agent_id: int) -> None:
    newest_to_delete = session.scalar(
        select(Notice.id)
        .where(Notice.agent_id == agent_id)
        .order_by(Notice.id.desc())
        .offset(KEPT_PER_AGENT)
        .limit(1)
    )
    if newest_to_delete is not None:
        session.execute(
            delete(Notice)
            .where(Notice.agent_id == agent_id, Notice.id <= newest_to_delete)
            .execution_options(synchronize_session=False)
        )


def withdraw(session: Session, ticket: int, actor_id: int | None, version: int) -> None:
    """Delete the unread notices about a change that was undone.

    :param actor_id: who made the change.
    :param version: the ticket's version after the change.
    """
    everybody = select(Agent.id)  # named because the index of unread notices begins with the agent
    candidates = select(Notice).where(
        Notice.agent_id.in_(everybody),
        Notice.ticket_id == ticket,
        Notice.actor_id == actor_id,
        _UNREAD,
    )
    for notice in session.scalars(candidates).all():
        if notice.data.get("version") == version:
            session.delete(notice)
    session.flush()


def unread(session: Session, agent_id: int) -> int:
    """Return the number of an agent's unread notices."""
    statement = select(func.count()).select_from(Notice)
    return session.scalar(statement.where(Notice.agent_id == agent_id, _UNREAD)) or 0


def unread_of_ticket(session: Session, agent_id: int, ticket: int) -> bool:
    """Whether an agent has an unread notice about a ticket."""
    statement = select(Notice.id).where(Notice.agent_id == agent_id, Notice.ticket_id == ticket)
    return session.scalar(statement.where(_UNREAD).limit(1)) is not None


def has(session: Session, agent_id: int, number: int) -> bool:
    """Whether a notice exists and belongs to an agent."""
    notice = session.get(Notice, number)
    return notice is not None and notice.agent_id == agent_id


def newest(session: Session, agent_id: int) -> int:
    """Return the id of an agent's newest notice; 0 if there is none."""
    statement = select(Notice.id).where(Notice.agent_id == agent_id).order_by(Notice.id.desc())
    return session.scalar(statement.limit(1)) or 0


def of_agent(
    session: Session, agent_id: int, *, after: int = 0, limit: int = 500, only_unread: bool = False
) -> list[Row[*tuple[Any, ...]]]:
    """Return an agent's notices, newest first: (notice, subject, queue, state, actor's login).

    :param after: only notices with a higher id.
    """
    actor = aliased(Agent)
    statement = (
        select(Notice, Ticket.subject, Ticket.queue, Ticket.state, actor.login)
        .join(Ticket, Ticket.id == Notice.ticket_id)
        .outerjoin(actor, actor.id == Notice.actor_id)
        .where(Notice.agent_id == agent_id, Notice.id > after)
        .order_by(Notice.id.desc())
        .limit(limit)
    )
    if only_unread:
        statement = statement.where(_UNREAD)
    return list(session.execute(statement))


def mark(
    session: Session,
    agent_id: int,
    at: datetime | None,
    *,
    number: int | None = None,
    ticket: int | None = None,
) -> int:
    """Mark an agent's notices as read or unread; return how many changed.

    :param at: when they were read; None marks them as unread.
    :param number: only the notice with this id.
    :param ticket: only notices about this ticket.
    """
    statement = update(Notice).where(
        Notice.agent_id == agent_id, visibility.of_visible_ticket(session, Notice.ticket_id)
    )
    if at is not None:
        statement = statement.where(_UNREAD)
    if number is not None:
        statement = statement.where(Notice.id == number)
    if ticket is not None:
        statement = statement.where(Notice.ticket_id == ticket)
    result = session.execute(
        statement.values(read_at=at).execution_options(synchronize_session=False)
    )
    return int(getattr(result, "rowcount", 0))


def leads(session: Session) -> set[int]:
    """Return the ids of the active leads and administrators."""
    statement = select(Agent.id).where(Agent.role.in_([Role.LEAD, Role.ADMIN]), Agent.active)
    return set(session.scalars(statement))


def agents_named(session: Session, logins: Iterable[str]) -> set[int]:
    """Return the ids of the active agents with these logins; unknown logins are ignored."""
    statement = select(Agent.id).where(Agent.login.in_(list(logins)), Agent.active)
    return set(session.scalars(statement))


_WATCHERS = (
    select(Agent.id, Agent.login)
    .join(Watcher, Watcher.agent_id == Agent.id)
    .where(Watcher.ticket_id == bindparam("ticket"), Agent.active)
    .order_by(Agent.login)
)


def watchers(session: Session, ticket: int) -> dict[int, str]:
    """Return the logins of the active agents who watch a ticket, by id."""
    return {row.id: row.login for row in session.execute(_WATCHERS, {"ticket": ticket})}


def watch(session: Session, ticket: int, agent_id: int, *, wanted: bool) -> bool:
    """Add or remove an agent as a watcher of a ticket; return whether that changed anything."""
    watcher = session.get(Watcher, (ticket, agent_id))
    if wanted and watcher is None:
        session.add(Watcher(ticket_id=ticket, agent_id=agent_id))
    elif not wanted and watcher is not None:
        session.delete(watcher)
    return wanted is (watcher is None)
