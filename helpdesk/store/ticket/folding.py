"""Which active tickets are duplicates of other active tickets, for lists that fold them."""

from typing import Any

from sqlalchemy import ColumnElement, Row, literal_column, select
from sqlalchemy.orm import Session, aliased

from helpdesk.domain.escalation import Level
from helpdesk.domain.ticket import ACTIVE_STATES, LinkKind
from helpdesk.store.models import Ticket, TicketLink
from helpdesk.store.models.ticket_states import ACTIVE, in_states

_FOLLOWED = aliased(Ticket, name="followed")
_FOLLOWED_ACTIVE: ColumnElement[bool] = literal_column(in_states(ACTIVE_STATES, "followed.state"))
_PAIRS = (
    select(Ticket.id, Ticket.due_rank, _FOLLOWED.id, _FOLLOWED.due_rank)
    .join(TicketLink, TicketLink.ticket_id == Ticket.id)
    .join(_FOLLOWED, _FOLLOWED.id == TicketLink.other_id)
    .where(ACTIVE, TicketLink.kind == LinkKind.DUPLICATE, _FOLLOWED_ACTIVE)
    .order_by(_FOLLOWED.id, Ticket.id)
)


def pairs(
    session: Session, queue: Level | None, assignee_id: int | None
) -> list[Row[*tuple[Any, ...]]]:
    """Return (duplicate, its due rank, followed ticket, its due rank), both active and listed.

    :param queue: the queue in which both must be; None: in the same one, whichever it is.
    :param assignee_id: the agent who must have both, in whatever queues; None: anybody.
    """
    statement = _PAIRS
    if queue is not None:
        statement = statement.where(Ticket.queue == queue, _FOLLOWED.queue == queue)
    elif assignee_id is None:
        statement = statement.where(Ticket.queue == _FOLLOWED.queue)
    if assignee_id is not None:
        statement = statement.where(
            Ticket.assignee_id == assignee_id, _FOLLOWED.assignee_id == assignee_id
        )
    return list(session.execute(statement))
