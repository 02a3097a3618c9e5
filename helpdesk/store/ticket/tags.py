"""Queries about the tags of tickets."""

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from helpdesk.store.models import TicketTag

# Built once, as it is executed for every page of a list.
_OF_TICKETS = select(TicketTag.ticket_id, TicketTag.tag).where(
    TicketTag.ticket_id.in_(bindparam("numbers", expanding=True))
)


def of_ticket(session: Session, number: int) -> tuple[str, ...]:
    """Return a ticket's tags in alphabetical order."""
    return of_tickets(session, [number]).get(number, ())


def of_tickets(session: Session, numbers: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the tags of these tickets by number, without tickets that have none."""
    found: dict[int, list[str]] = {}
    for number, tag in session.execute(_OF_TICKETS, {"numbers": list(numbers)}):
        found.setdefault(number, []).append(tag)
    return {number: tuple(sorted(tags)) for number, tags in found.items()}


def replace(session: Session, number: int, tags: Iterable[str]) -> None:
    """Replace all tags of a ticket."""
    session.execute(delete(TicketTag).where(TicketTag.ticket_id == number))
    session.add_all(TicketTag(ticket_id=number, tag=tag) for tag in tags)
    session.flush()


def in_use(session: Session, start: str, limit: int) -> list[str]:
    """Return tags that begin with a text, most used first."""
    statement = (
        select(TicketTag.tag)
        .where(TicketTag.tag.startswith(start, autoescape=True))
        .group_by(TicketTag.tag)
        .order_by(func.count().desc(), TicketTag.tag)
        .limit(limit)
    )
    return list(session.scalars(statement))
