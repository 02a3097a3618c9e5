"""Find out which related tables have rows of a ticket.

Most tickets have few of them: one statement for all tables saves a query for each empty one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Label, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from helpdesk.store.models import (
    TicketArticle,
    TicketLink,
    TicketRecurrence,
    TicketRequester,
    TicketTag,
    TimeEntry,
    Watcher,
)


@dataclass(frozen=True, slots=True)
class Parts:
    """Which kinds of related rows a ticket has."""

    tags: bool
    links: bool
    articles: bool
    watchers: bool
    further_requesters: bool
    recurrence: bool
    time: bool


_NUMBER: ColumnElement[int] = bindparam("number")


def _columns() -> Iterator[Label[Any]]:
    yield exists().where(TicketTag.ticket_id == _NUMBER).label("tags")
    linked = (
        exists().where(TicketLink.ticket_id == _NUMBER),
        exists().where(TicketLink.other_id == _NUMBER),
    )
    yield or_(*linked).label("links")
    yield exists().where(TicketArticle.ticket_id == _NUMBER).label("articles")
    yield exists().where(Watcher.ticket_id == _NUMBER).label("watchers")
    yield exists().where(TicketRequester.ticket_id == _NUMBER).label("further_requesters")
    yield exists().where(TicketRecurrence.ticket_id == _NUMBER).label("recurrence")
    yield exists().where(TimeEntry.ticket_id == _NUMBER).label("time")


_STATEMENT = select(*_columns())


def parts_of(session: Session, number: int) -> Parts:
    """Return which kinds of related rows a ticket has."""
    return Parts(*map(bool, session.execute(_STATEMENT, {"number": number}).one()))
