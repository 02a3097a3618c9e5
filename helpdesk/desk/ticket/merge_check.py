"""Compare tickets with the one that they are to be merged into, for the agent's attention."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import show_ticket
from helpdesk.desk.ticket.views import TicketView
from helpdesk.domain.roles import Right
from helpdesk.store.ticket import tickets


@dataclass(frozen=True, slots=True)
class MergeCheck:
    """The ticket that goes on, and what sets those that would end apart from it.

    :ivar customers: the customers of the others that are not the target's, "" for none.
    :ivar requesters: the addresses of the others that are not the target's requester's.
    """

    target: TicketView
    customers: tuple[str, ...]
    requesters: tuple[str, ...]


def merge_check(desk: Desk, numbers: Sequence[int], into: int) -> MergeCheck:
    """Return how tickets differ from the ticket into which they would be merged.

    :raises NotFoundError: if there is no such ticket.
    """
    desk.require(Right.READ)
    target = show_ticket.show(desk, into)
    customers: dict[str, None] = {}
    requesters: dict[str, None] = {}
    with desk.database.read() as session:
        for number in numbers:
            other = tickets.load_with_names(session, number)
            customers[other.customer] = None
            if other.requester is not None:
                requesters[other.requester.mail] = None
    own = target.requester.mail if target.requester else ""
    return MergeCheck(
        target,
        tuple(name for name in customers if name != target.customer),
        tuple(mail for mail in requesters if mail != own),
    )
