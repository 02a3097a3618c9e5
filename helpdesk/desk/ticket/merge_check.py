"""Compare tickets with the one that they are to be merged into, for the agent's attention."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.desk.people.requesters import named_as
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.views import NewQuery, TicketView
from helpdesk.domain.i18n import _
from helpdesk.domain.roles import Right
from helpdesk.domain.text import one_line
from helpdesk.store.ticket import tickets

_NO_CUSTOMER = _("a requester without a customer")


@dataclass(frozen=True, slots=True)
class MergeCheck:
    """The ticket that goes on, and what sets those that would end apart from it.

    :ivar customers: the customers of the others that are not the target's, "" for none.
    :ivar requesters: the others' requesters, by address or name, without the target's own.
    """

    target: TicketView
    customers: tuple[str, ...]
    requesters: tuple[str, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """A phrase for each way in which the answers would reach somebody else."""
        return tuple(text for text in (self.customer_warning, self._requester_warning) if text)

    @property
    def customer_warning(self) -> str:
        """The phrase that another customer would receive the answers; "" if none would."""
        if not self.customers:
            return ""
        return _("another customer: {others} would receive the answers to {target}").format(
            others=_names(self.customers), target=one_line(self.target.customer) or _NO_CUSTOMER
        )

    @property
    def _requester_warning(self) -> str:
        if not self.requesters:
            return ""
        own = self.target.requester
        return _("another requester: {others} would receive the answers to {target}").format(
            others=_names(self.requesters), target=one_line(own.called) if own else _("nobody")
        )


def _names(names: tuple[str, ...]) -> str:
    shown = ", ".join(one_line(name) or _NO_CUSTOMER for name in names[:3])
    return f"{shown} …" if names[3:] else shown


def merge_check(desk: Desk, numbers: Sequence[int], into: int) -> MergeCheck:
    """Return how tickets differ from the ticket into which they would be merged.

    :raises NotFoundError: if there is no such ticket.
    """
    desk.require(Right.READ)
    target = show_ticket.show(desk, into)
    customers: dict[str, None] = {}
    requesters: dict[int, str] = {}
    with desk.database.read() as session:
        for number in numbers:
            other = tickets.load_with_names(session, number)
            if other.customer or other.requester is not None:
                customers[other.customer] = None
            if other.requester is not None:
                requesters[other.requester.id] = named_as(other.requester)
    own = target.requester.number if target.requester else 0
    return MergeCheck(
        target,
        tuple(name for name in customers if name != target.customer),
        tuple(name for number, name in requesters.items() if number != own),
    )


def query_check(desk: Desk, query: NewQuery, into: int) -> MergeCheck:
    """Return how a query differs from the ticket that it would be logged as a duplicate of.

    :raises NotFoundError: if there is no such ticket.
    :raises RefusedError: if a field of the query is not valid.
    """
    target = show_ticket.show(desk, into)
    outlook = log_query.preview(desk, query)
    own = target.requester.called if target.requester else ""
    return MergeCheck(
        target,
        (outlook.customer,) if outlook.requester and outlook.customer != target.customer else (),
        (outlook.requester,) if outlook.requester not in ("", own) else (),
    )
