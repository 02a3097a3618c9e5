"""Queries about the messages of requesters that no agent has answered yet."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, bindparam, case, func, select, true
from sqlalchemy.orm import Session

from helpdesk.domain.entry_type import EntryType
from helpdesk.store.models import Ticket, TicketEvent

_WROTE, _ANSWERED = EntryType.REQUESTER_WROTE, EntryType.REPLIED
_IS_MESSAGE = TicketEvent.type.in_([_WROTE, _ANSWERED])


def _newest(entry: EntryType) -> ColumnElement[int]:
    """Return the number of a ticket's newest entry of a type; 0 if there is none."""
    return func.coalesce(func.max(case((TicketEvent.type == entry, TicketEvent.id))), 0)


# Built once, as it is executed for every page of a list.
_UNANSWERED = (
    select(TicketEvent.ticket_id)
    .where(TicketEvent.ticket_id.in_(bindparam("numbers", expanding=True)), _IS_MESSAGE)
    .group_by(TicketEvent.ticket_id)
    .having(_newest(_WROTE) > _newest(_ANSWERED))
)


def unanswered(session: Session, numbers: Iterable[int]) -> set[int]:
    """Return those of these tickets whose requester has written since the last answer."""
    return set(session.scalars(_UNANSWERED, {"numbers": list(numbers)}))


def is_unanswered() -> ColumnElement[bool]:
    """Return the SQL condition that a ticket's requester has written since the last answer."""
    newest = (
        select(TicketEvent.type)
        .where(TicketEvent.ticket_id == Ticket.id, _IS_MESSAGE)
        .order_by(TicketEvent.id.desc())
        .limit(1)
        .correlate(Ticket)
        .scalar_subquery()
    )
    return (newest == _WROTE).is_(true())
