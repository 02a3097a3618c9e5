"""Searches that ended: kept for a while, counted for editors."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select
from sqlalchemy.orm import Session

from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.ticket import FINISHED_STATES, LinkKind
from helpdesk.store.models import SearchRecord, Ticket, TicketArticle, TicketEvent, TicketLink


def add(session: Session, record: SearchRecord) -> int:
    """Keep a search; returns its number."""
    session.add(record)
    session.flush()
    return record.id


def forget(session: Session, before: datetime, newest: int) -> None:
    """Drop what is older than that, and all but the newest so many."""
    session.execute(delete(SearchRecord).where(SearchRecord.at < before))
    last = session.scalar(select(func.max(SearchRecord.id))) or 0
    session.execute(delete(SearchRecord).where(SearchRecord.id <= last - newest))


def topics(session: Session, since: datetime, outcome: str, limit: int) -> list[Row[Any, Any, Any]]:
    """Return (topic, how often, newest number) of what was searched with such an outcome, the
    commonest first."""
    count = func.count().label("times")
    statement = (
        select(SearchRecord.topic, count, func.max(SearchRecord.id).label("newest"))
        .where(SearchRecord.at >= since, SearchRecord.outcome == outcome)
        .group_by(SearchRecord.topic)
        .order_by(count.desc(), func.max(SearchRecord.id).desc())
        .limit(limit)
    )
    return list(session.execute(statement))


def by_number(session: Session, numbers: list[int]) -> dict[int, SearchRecord]:
    """Return these searches by number."""
    rows = session.scalars(select(SearchRecord).where(SearchRecord.id.in_(numbers)))
    return {row.id: row for row in rows}


def outcomes(session: Session, since: datetime) -> dict[str, int]:
    """Return how many searches had which outcome."""
    statement = (
        select(SearchRecord.outcome, func.count().label("times"))
        .where(SearchRecord.at >= since)
        .group_by(SearchRecord.outcome)
    )
    return {row.outcome: row.times for row in session.execute(statement)}


def shown(session: Session, since: datetime, limit: int) -> list[tuple[list[str], str]]:
    """Return (what was shown, what was picked) of the newest searches."""
    statement = (
        select(SearchRecord.shown, SearchRecord.picked)
        .where(SearchRecord.at >= since)
        .order_by(SearchRecord.id.desc())
        .limit(limit)
    )
    return [(list(row.shown), row.picked) for row in session.execute(statement)]


def resolved_without_article(
    session: Session, since: datetime, limit: int
) -> tuple[int, int, list[Row[Any, Any, Any]]]:
    """Return how many tickets were resolved, how many of them without an article, and the newest
    (number, subject, resolved at) of those that were answered in words.

    Duplicates are not counted: the ticket that they follow is.
    """
    done = (
        Ticket.resolved_at >= since,
        Ticket.state.in_(sorted(FINISHED_STATES)),
        ~select(TicketLink.ticket_id)
        .where(TicketLink.ticket_id == Ticket.id, TicketLink.kind == LinkKind.DUPLICATE)
        .exists(),
    )
    without = ~select(TicketArticle.ticket_id).where(TicketArticle.ticket_id == Ticket.id).exists()
    answered = (
        select(TicketEvent.id)
        .where(TicketEvent.ticket_id == Ticket.id, TicketEvent.type == EntryType.REPLIED)
        .exists()
    )
    count = select(func.count()).select_from(Ticket)
    newest = (
        select(Ticket.id, Ticket.subject, Ticket.resolved_at)
        .where(*done, without, answered)
        .order_by(Ticket.resolved_at.desc(), Ticket.id.desc())
        .limit(limit)
    )
    return (
        session.scalar(count.where(*done)) or 0,
        session.scalar(count.where(*done, without)) or 0,
        list(session.execute(newest)),
    )
