"""The tags of tickets."""

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from helpdesk.store.models import TicketTag

# Made once: lists ask for it with every page.
_OF_THESE = select(TicketTag.ticket_id, TicketTag.tag).where(
    TicketTag.ticket_id.in_(bindparam("numbers", expanding=True))
)


def of_ticket(session: Session, number: int) -> tuple[str, ...]:
    """Return a ticket's tags in order."""
    return of_tickets(session, [number]).get(number, ())


def of_tickets(session: Session, numbers: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the tags of these tickets; one without any is not there."""
    found: dict[int, list[str]] = {}
    for number, tag in session.execute(_OF_THESE, {"numbers": list(numbers)}):
        found.setdefault(number, []).append(tag)
    return {number: tuple(sorted(tags)) for number, tags in found.items()}


def replace(session: Session, number: int, tags: Iterable[str]) -> None:
    """Let a ticket bear these tags and no others."""
    session.execute(delete(TicketTag).where(TicketTag.ticket_id == number))
    session.add_all(TicketTag(ticket_id=number, tag=tag) for tag in tags)
    session.flush()


def in_use(session: Session, start: str, limit: int) -> list[str]:
    """Return tags that begin with a text, the most used first."""
    statement = (
        select(TicketTag.tag)
        .where(TicketTag.tag.startswith(start, autoescape=True))
        .group_by(TicketTag.tag)
        .order_by(func.count().desc(), TicketTag.tag)
        .limit(limit)
    )
    return list(session.scalars(statement))
