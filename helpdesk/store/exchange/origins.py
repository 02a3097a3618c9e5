"""Which tickets of another program were imported already."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.store.models import TicketOrigin


def imported_ids(session: Session, source: str, ids: Iterable[str]) -> set[str]:
    """Return those of these ids of a source that were imported already."""
    statement = select(TicketOrigin.source_id).where(
        TicketOrigin.source == source, TicketOrigin.source_id.in_(set(ids))
    )
    return set(session.scalars(statement))
