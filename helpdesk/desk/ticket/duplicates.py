"""Tickets about an issue that somebody reported before: they go on together.

A duplicate stays what was promised to its requester: its clocks run, and it is resolved, with the
same answer, in the moment in which the ticket that it follows is.
"""

from helpdesk.desk.ticket.add_link import add_link
from helpdesk.desk.unit_of_work.recorder import Change
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.ticket import LinkKind, State, ref
from helpdesk.store.models import Requester, Ticket
from helpdesk.store.ticket import relations, tickets

_LONGEST_CHAIN = 100


def join(change: Change, into: int) -> Ticket:
    """Let a ticket follow another that is open, and its requester join that one.

    A duplicate of a duplicate follows the one that all of them follow.

    :returns: the ticket that is followed.
    :raises RefusedError: if that one is finished, or follows this one.
    """
    leading = _leading(change, into)
    if not leading.state.is_active:
        raise RefusedError(
            f"{change.ref} is not joined to it: {ref(leading.id)} is {leading.state}; "
            "reopen that one first, or resolve this one with its answer."
        )
    add_link(change, leading.id, LinkKind.DUPLICATE)
    ticket = change.ticket
    if ticket.assignee_id is None:
        ticket.assignee_id = leading.assignee_id
    if ticket.state is State.NEW:
        change.become(State.OPEN)
    change.record(EntryType.FOLLOWS, data={"to": ref(leading.id)})
    mail = let_requesters_join(change, leading)
    joined = change.beside(leading)
    joined.record(
        EntryType.JOINED,
        data={"duplicate": change.ref, "subject": ticket.subject, "requester": mail},
    )
    joined.finish()
    return leading


def _leading(change: Change, number: int) -> Ticket:
    """Return the ticket at the end of a chain of duplicates."""
    session = change.session
    leading = tickets.load(session, number)
    for _ in range(_LONGEST_CHAIN):
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


def let_requesters_join(change: Change, leading: Ticket) -> str:
    """Let everybody who asked by a ticket join another; returns its requester's address, or ""."""
    session, ticket = change.session, change.ticket
    person = session.get(Requester, ticket.requester_id or 0)
    joining = [person] if person else []
    joining += relations.further_requesters(session, ticket.id)
    for one in joining:
        if one.id != leading.requester_id:
            relations.add_requester(session, leading.id, one.id, ticket.id, change.now)
    return person.mail if person else ""
