"""Duplicates: tickets that follow another open ticket about the same issue.

A duplicate keeps its own SLA agreement and clocks.  It is resolved, with the same answer, together
with the ticket that it follows.
"""

from helpdesk.desk.people.requesters import named_as
from helpdesk.desk.ticket.add_link import add_link
from helpdesk.desk.unit_of_work.confidentiality import require_may_share
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.ticket import LinkKind, State, ref
from helpdesk.store.models import Requester, Ticket
from helpdesk.store.ticket import relations, tickets

_LONGEST_CHAIN = 100


def join(change: TicketChange, into: int) -> Ticket:
    """Make a ticket a duplicate of an open one, and add its requesters to that one.

    A duplicate of a duplicate follows the ticket at the end of the chain.

    :returns: the ticket that is followed.
    :raises NotFoundError: if there is no ticket ``into``.
    :raises RefusedError: if the other ticket is finished, is a duplicate of this one, or is of
        another customer and one of the two is confidential.
    """
    leading = _leading(change, into)
    if not leading.state.is_active:
        raise RefusedError(
            f"{change.ref} cannot follow {ref(leading.id)}, which is {leading.state}: "
            "reopen that one first (ticket reopen), or resolve this one with its answer."
        )
    require_may_share(change.session, change.ticket, leading)
    add_link(change, leading.id, LinkKind.DUPLICATE)
    ticket = change.ticket
    if ticket.assignee_id is None:
        ticket.assignee_id = leading.assignee_id
    if ticket.state is State.NEW:
        change.set_state(State.OPEN)
    change.record(EntryType.FOLLOWS, data={"to": ref(leading.id)})
    mail = add_requesters(change, leading)
    leading_change = change.for_other_ticket(leading)
    leading_change.record(
        EntryType.JOINED,
        data={"duplicate": change.ref, "subject": ticket.subject, "requester": mail},
    )
    leading_change.finish()
    return leading


def _leading(change: TicketChange, number: int) -> Ticket:
    """Return the ticket at the end of a chain of duplicates."""
    session = change.session
    leading = tickets.load(session, number)
    for _step in range(_LONGEST_CHAIN):
        if leading.id == change.ticket.id:
            raise RefusedError(
                f"{change.ref} cannot be a duplicate of {ref(number)}, which is "
                f"{'itself' if number == leading.id else 'a duplicate of it'}: name another ticket."
            )
        followed = relations.followed(session, leading.id)
        if followed is None or not leading.state.is_active:
            break
        leading = followed
    return leading


def require_no_circle(change: TicketChange, target: Ticket) -> None:
    """Refuse to make a ticket a duplicate of one that is, directly or not, its own duplicate.

    :raises RefusedError: naming the ticket to choose instead.
    """
    session, number = change.session, change.ticket.id
    seen = {target.id}
    followed = relations.followed(session, target.id)
    while followed is not None and followed.id not in seen:
        if followed.id == number:
            raise RefusedError(
                _(
                    "{ticket} cannot end in favour of {other}, which is a duplicate of it: merge "
                    "{other} into {ticket} instead, or remove that link (ticket link --remove)."
                ).format(ticket=change.ref, other=ref(target.id))
            )
        seen.add(followed.id)
        followed = relations.followed(session, followed.id)


def add_requesters(change: TicketChange, leading: Ticket) -> str:
    """Add a ticket's requesters to another ticket; return who asked in it, or ""."""
    session, ticket = change.session, change.ticket
    person = session.get(Requester, ticket.requester_id or 0)
    requesters = [person] if person else []
    requesters += relations.further_requesters(session, ticket.id)
    for requester in requesters:
        if requester.id != leading.requester_id:
            relations.add_requester(session, leading.id, requester.id, ticket.id, change.now)
    return named_as(person)
