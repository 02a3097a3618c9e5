"""The queue in which a query is logged."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from helpdesk.desk.people import levels
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import Level, queue_of_new
from helpdesk.domain.i18n import _
from helpdesk.store.models import Ticket


def first_queue(query: NewQuery, levels_of_agent: Sequence[Level]) -> Level:
    """Return the queue that the query names, or else the default for an agent of these levels."""
    return query.queue or queue_of_new(query.kind, levels_of_agent)


def require_members(session: Session, ticket: Ticket) -> None:
    """Refuse to log a query in a queue in which nobody would see it.

    :raises RefusedError: if nobody who may see the ticket serves its queue.
    """
    if not levels.is_served(session, ticket.queue, ticket.customer_id):
        raise RefusedError(
            _(
                "nothing was logged: nobody who may see the ticket serves {level}; name another "
                "queue (--queue), or add an agent (helpdesk agent add LOGIN --level {level})."
            ).format(level=ticket.queue)
        )
