"""The log of finished searches, which is kept for a while and counted for editors."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, or_, select
from sqlalchemy.orm import Session

from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.ticket import FINISHED_STATES, LinkKind
from helpdesk.store.models import SearchRecord, Ticket, TicketArticle, TicketEvent, TicketLink

#: The outcome of a row that says that the picked hit does not fit the query.
UNFIT = "unfit"


def add(session: Session, record: SearchRecord) -> int:
    """Store a search and return its number."""
    session.add(record)
    session.flush()
    return record.id


def forget(session: Session, before: datetime, newest: int) -> None:
    """Delete old searches.

    :param before: delete those that are older.
    :param newest: how many are kept at most.
    """
    session.execute(delete(SearchRecord).where(SearchRecord.at < before))
    last = session.scalar(select(func.max(SearchRecord.id))) or 0
    session.execute(delete(SearchRecord).where(SearchRecord.id <= last - newest))


def unfit(session: Session) -> Sequence[Row[Any, Any, Any]]:
    """Return (number, topic, id of the hit) of all that does not fit."""
    statement = select(SearchRecord.id, SearchRecord.topic, SearchRecord.picked)
    return session.execute(statement.where(SearchRecord.outcome == UNFIT)).all()


def drop(session: Session, number: int) -> None:
    """Delete a recorded search."""
    session.execute(delete(SearchRecord).where(SearchRecord.id == number))


def erase(session: Session, words: Iterable[str]) -> None:
    """Delete the searches whose text names a person.

    :param words: the person's names of several words and addresses, in any case.
    """
    named = [
        func.lower(SearchRecord.text).contains(form, autoescape=True)
        for word in words
        for form in {word.lower(), word}
    ]
    if named:
        statement = delete(SearchRecord).where(or_(*named))
        session.execute(statement.execution_options(synchronize_session=False))


def topics(session: Session, since: datetime, outcome: str, limit: int) -> list[Row[Any, Any, Any]]:
    """Return (topic, times, newest number) of searches with an outcome, most frequent first."""
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
    """Return searches by their numbers."""
    rows = session.scalars(select(SearchRecord).where(SearchRecord.id.in_(numbers)))
    return {row.id: row for row in rows}


def outcomes(session: Session, since: datetime) -> dict[str, int]:
    """Return the number of searches by outcome."""
    statement = (
        select(SearchRecord.outcome, func.count().label("times"))
        .where(SearchRecord.at >= since)
        .group_by(SearchRecord.outcome)
    )
    return {row.outcome: row.times for row in session.execute(statement)}


def shown(session: Session, since: datetime, limit: int) -> list[tuple[list[str], str]]:
    """Return (ids of the hits, id of the picked hit or "") of the newest searches."""
    statement = (
        select(SearchRecord.shown, SearchRecord.picked)
        .where(SearchRecord.at >= since, SearchRecord.outcome != UNFIT)
        .order_by(SearchRecord.id.desc())
        .limit(limit)
    )
    return [(list(row.shown), row.picked) for row in session.execute(statement)]


def resolved_without_article(
    session: Session, since: datetime, limit: int
) -> tuple[int, int, list[Row[Any, Any, Any]]]:
    """Count resolved tickets, and find those that were answered without an article.

    Duplicates are left out; the ticket of which they are duplicates counts.

    :returns: the number of resolved tickets; how many of them have no article; (number, subject,
        resolved at) of the newest of the latter that have a reply.
    """
    resolved = (
        Ticket.resolved_at >= since,
        Ticket.state.in_(sorted(FINISHED_STATES)),
        ~select(TicketLink.ticket_id)
        .where(TicketLink.ticket_id == Ticket.id, TicketLink.kind == LinkKind.DUPLICATE)
        .exists(),
    )
    without_article = (
        ~select(TicketArticle.ticket_id).where(TicketArticle.ticket_id == Ticket.id).exists()
    )
    replied = (
        select(TicketEvent.id)
        .where(TicketEvent.ticket_id == Ticket.id, TicketEvent.type == EntryType.REPLIED)
        .exists()
    )
    count = select(func.count()).select_from(Ticket)
    newest = (
        select(Ticket.id, Ticket.subject, Ticket.resolved_at)
        .where(*resolved, without_article, replied)
        .order_by(Ticket.resolved_at.desc(), Ticket.id.desc())
        .limit(limit)
    )
    return (
        session.scalar(count.where(*resolved)) or 0,
        session.scalar(count.where(*resolved, without_article)) or 0,
        list(session.execute(newest)),
    )
