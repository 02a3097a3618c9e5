"""Claim the next ticket: the most urgent one that is not assigned."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.handling import Claim
from helpdesk.desk.ticket.show_ticket import show
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.unit_of_work import act_due
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.errors import NotFoundError, NotPermittedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Right
from helpdesk.store.models import Ticket
from helpdesk.store.ticket import claiming


def claim_next(desk: Desk, queue: Level | None = None) -> TicketView:
    """Claim the unassigned ticket in the agent's queues that is due first.

    Two agents who call this at the same moment get different tickets.  Pending tickets are skipped.

    :param queue: look only in this queue, which the agent must serve; None for all their queues.
    :raises NotFoundError: if there is no ticket to claim.
    :raises NotPermittedError: if the agent does not serve the queue.
    """
    desk.require(Right.WORK)
    levels = desk.agent.levels if queue is None else (queue,)
    if not set(levels) <= set(desk.agent.levels):
        raise NotPermittedError(
            f"{desk.login} does not serve queue {queue}; "
            f"an administrator can add the level to your account."
        )
    with desk.database.write() as session:
        number = _take(desk, session, levels)
    if number is None:
        where = f"in {', '.join(levels)}" if levels else "in your queues: you serve none"
        raise NotFoundError(f"no unclaimed ticket is waiting {where}.")
    return show(desk, number)


def _take(desk: Desk, session: Session, levels: Sequence[Level]) -> int | None:
    for level in claiming.most_urgent(session, levels):
        while (number := claiming.take_next(session, level, desk.agent_id)) is not None:
            ticket = session.get_one(Ticket, number, populate_existing=True)
            ticket.assignee_id = None  # so that Claim assigns and records it as usual
            # A due action may move the ticket to another queue.
            act_due.act_until(session, ticket, desk.now())
            if ticket.queue is level and ticket.state.is_active:
                change = TicketChange.by(desk, session, ticket)
                Claim().apply(desk, change)
                change.finish()
                return number
            session.flush()
    return None
