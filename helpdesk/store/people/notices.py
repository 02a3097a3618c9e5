"""Notices: writing, counting, reading and forgetting them; who is to be told; who watches."""

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

from helpdesk.domain.escalation import Level
from helpdesk.domain.notices import NoticeKind
from helpdesk.domain.roles import Role
from helpdesk.store.models import Agent, AgentLevel, Notice, Ticket, Watcher

#: An agent's older notices than the newest so many are forgotten, read or not.
KEPT_PER_AGENT = 500
#: What a ticket that goes to and fro would fill an inbox with.
_NEWEST_ONLY = (NoticeKind.CHANGED, NoticeKind.HANDED_OVER)
#: Of whom a change tells, one agent's old notices are forgotten, in one of so many changes.
SWEEP_EVERY = 4

#: Written as in the partial index.
_UNREAD: ColumnElement[bool] = literal_column("notices.read_at IS NULL")


def add(session: Session, rows: list[dict[str, Any]]) -> None:
    """Write notices of one ticket; of some kinds an agent keeps one unread notice, the newest."""
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
        _forget(session, random.choice(rows)["agent_id"])  # noqa: S311


def _forget(session: Session, agent_id: int) -> None:
    oldest_kept = session.scalar(
        select(Notice.id)
        .where(Notice.agent_id == agent_id)
        .order_by(Notice.id.desc())
        .offset(KEPT_PER_AGENT)
        .limit(1)
    )
    if oldest_kept is not None:
        session.execute(
            delete(Notice)
            .where(Notice.agent_id == agent_id, Notice.id <= oldest_kept)
            .execution_options(synchronize_session=False)
        )


def withdraw(session: Session, ticket: int, actor_id: int | None, version: int) -> None:
    """Take back what nobody has read yet of a change that was undone.

    :param version: the ticket's version to which the change led.
    """
    everybody = select(Agent.id)  # the index of what is unread begins with the agent
    mine = select(Notice).where(
        Notice.agent_id.in_(everybody),
        Notice.ticket_id == ticket,
        Notice.actor_id == actor_id,
        _UNREAD,
    )
    for notice in session.scalars(mine).all():
        if notice.data.get("version") == version:
            session.delete(notice)
    session.flush()


def unread(session: Session, agent_id: int) -> int:
    """Return how many notices an agent has not read."""
    statement = select(func.count()).select_from(Notice)
    return session.scalar(statement.where(Notice.agent_id == agent_id, _UNREAD)) or 0


def unread_of_ticket(session: Session, agent_id: int, ticket: int) -> bool:
    """Whether an agent has not read a notice of a ticket."""
    statement = select(Notice.id).where(Notice.agent_id == agent_id, Notice.ticket_id == ticket)
    return session.scalar(statement.where(_UNREAD).limit(1)) is not None


def has(session: Session, agent_id: int, number: int) -> bool:
    """Whether an agent has a notice of that number."""
    notice = session.get(Notice, number)
    return notice is not None and notice.agent_id == agent_id


def newest(session: Session, agent_id: int) -> int:
    """Return the number of an agent's newest notice; 0 if there is none."""
    statement = select(Notice.id).where(Notice.agent_id == agent_id).order_by(Notice.id.desc())
    return session.scalar(statement.limit(1)) or 0


def of_agent(
    session: Session, agent_id: int, *, after: int = 0, limit: int = 500, only_unread: bool = False
) -> list[Row[*tuple[Any, ...]]]:
    """Return (notice, subject, queue, state, actor's login) of an agent, newest first."""
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
    """Let an agent's notices be read at an instant, or unread (None); return how many changed.

    :param number: that one only; ``ticket``: those of that ticket only; neither: all.
    """
    statement = update(Notice).where(Notice.agent_id == agent_id)
    if at is not None:
        statement = statement.where(_UNREAD)
    if number is not None:
        statement = statement.where(Notice.id == number)
    if ticket is not None:
        statement = statement.where(Notice.ticket_id == ticket)
    done = session.execute(
        statement.values(read_at=at).execution_options(synchronize_session=False)
    )
    return int(getattr(done, "rowcount", 0))


_MEMBERS = (
    select(Agent.id, Agent.login)
    .join(AgentLevel, AgentLevel.agent_id == Agent.id)
    .where(AgentLevel.level == bindparam("level"), Agent.active, Agent.role != Role.AUDITOR)
    .order_by(Agent.login)
)


def members(session: Session, level: Level) -> dict[int, str]:
    """Return the logins of the active agents who serve a level, by their numbers, in order."""
    return {row.id: row.login for row in session.execute(_MEMBERS, {"level": level})}


def leads(session: Session) -> set[int]:
    """Return the numbers of the active agents who lead this desk."""
    statement = select(Agent.id).where(Agent.role.in_([Role.LEAD, Role.ADMIN]), Agent.active)
    return set(session.scalars(statement))


def agents_named(session: Session, logins: Iterable[str]) -> set[int]:
    """Return the numbers of the active agents of these logins; others are passed over."""
    statement = select(Agent.id).where(Agent.login.in_(list(logins)), Agent.active)
    return set(session.scalars(statement))


_WATCHERS = (
    select(Agent.id, Agent.login)
    .join(Watcher, Watcher.agent_id == Agent.id)
    .where(Watcher.ticket_id == bindparam("ticket"), Agent.active)
    .order_by(Agent.login)
)


def watchers(session: Session, ticket: int) -> dict[int, str]:
    """Return the logins of the agents who watch a ticket, by their numbers."""
    return {row.id: row.login for row in session.execute(_WATCHERS, {"ticket": ticket})}


def watch(session: Session, ticket: int, agent_id: int, *, wanted: bool) -> bool:
    """Let an agent watch a ticket, or no longer; return whether that changed anything."""
    known = session.get(Watcher, (ticket, agent_id))
    if wanted and known is None:
        session.add(Watcher(ticket_id=ticket, agent_id=agent_id))
    elif not wanted and known is not None:
        session.delete(known)
    return wanted is (known is None)
