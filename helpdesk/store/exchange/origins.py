"""Which tickets of another program were imported already."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.store.models import TicketOrigin

#: The most tickets that one id means: one for each program that was imported from.
_MOST = 20


def tickets_of(session: Session, source_id: str) -> list[int]:
    """Return the numbers of the tickets with this id in the program they were imported from.

    Ids of several programs may be equal.
    """
    statement = select(TicketOrigin.ticket_id).where(TicketOrigin.source_id == source_id)
    return list(session.scalars(statement.order_by(TicketOrigin.ticket_id).limit(_MOST)))


def imported_ids(session: Session, source: str, ids: Iterable[str]) -> set[str]:
    """Return those of these ids of a source that were imported already."""
    statement = select(TicketOrigin.source_id).where(
        TicketOrigin.source == source, TicketOrigin.source_id.in_(set(ids))
    )
    return set(session.scalars(statement))
