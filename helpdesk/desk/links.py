"""Relating tickets: link one to another, merge a duplicate into the ticket it repeats."""

from collections.abc import Sequence

from helpdesk.desk import duplicates, family, reappearance
from helpdesk.desk.change import changing
from helpdesk.desk.linking import add_link
from helpdesk.desk.recording import Change
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.tickets import show
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import Kind, LinkKind, State, Verb, ref
from helpdesk.store import relations, tickets


def link(
    desk: Desk, number: int, other: int, kind: LinkKind, version: int | None = None
) -> TicketView:
    """Note that a ticket is related to another; a link that is there already stays as it is.

    A duplicate of a ticket that is open follows that one, see :mod:`helpdesk.desk.duplicates`; one
    that is linked to a solved problem says that it reappeared.
    """
    with changing(desk, number, Verb.LINK, version) as change:
        link_within(change, other, kind)
    return show(desk, number)


def link_within(change: Change, other: int, kind: LinkKind) -> None:
    """Link within a change that is under way."""
    open_now = change.ticket.state.is_active
    if (
        kind is LinkKind.DUPLICATE
        and open_now
        and tickets.load(change.session, other).state.is_active
    ):
        duplicates.join(change, other)
        return
    if kind is LinkKind.PARENT:
        family.require_tree(change, other)
    found = add_link(change, other, kind)
    if kind is LinkKind.PROBLEM and open_now:
        source = reappearance.source_of(change.session, found)
        if source is not None:
            reappearance.mark(change, source)


def problem_among(desk: Desk, numbers: Sequence[int]) -> int:
    """Return the first problem that one of these tickets is, or is linked to.

    :raises RefusedError: if there is none.
    """
    desk.require(Right.READ)
    with desk.database.read() as session:
        for number in numbers:
            ticket = tickets.load(session, number)
            if ticket.kind is Kind.PROBLEM:
                return number
            problem = relations.problem_of(session, number)
            if problem is not None:
                return problem.id
    which = ", ".join(map(ref, numbers[:3])) or "none of the suggestions"
    raise RefusedError(
        f"{which} {'belong' if len(numbers) > 1 else 'belongs'} to no problem: choose one of kind "
        "problem, or link it by 'helpdesk ticket link --kind problem'."
    )


def merge(desk: Desk, number: int, into: int, version: int | None = None) -> TicketView:
    """Close a ticket as a duplicate of another, which goes on for both requesters.

    :returns: the ticket that goes on.
    """
    with changing(desk, number, Verb.MERGE, version) as change:
        merge_within(change, into)
    return show(desk, into)


def merge_within(change: Change, into: int) -> None:
    """Merge within a change that is under way."""
    kept = tickets.load(change.session, into)
    if kept.id != change.ticket.id and not kept.state.is_active:
        raise RefusedError(
            f"{change.ref} is not merged: {ref(into)} is {kept.state}; reopen that one first."
        )
    add_link(change, into, LinkKind.DUPLICATE)
    change.take_if_nobody_has_it()
    change.become(State.RESOLVED)
    change.ticket.resolved_at = change.now
    change.record("merged", data={"into": ref(into)})
    mail = duplicates.let_requesters_join(change, kept)
    kept_change = change.beside(kept)
    kept_change.record(
        "joined",
        data={"duplicate": change.ref, "subject": change.ticket.subject, "requester": mail},
    )
    kept_change.finish()
