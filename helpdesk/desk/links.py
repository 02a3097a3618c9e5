"""Relating tickets: link one to another, merge a duplicate into the ticket it repeats."""

from helpdesk.desk.change import changing
from helpdesk.desk.recording import Change
from helpdesk.desk.session import Desk
from helpdesk.desk.tickets import show
from helpdesk.desk.views import TicketView
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.ticket import LinkKind, State, Verb, ref
from helpdesk.store import tickets
from helpdesk.store.models import TicketLink


def link(
    desk: Desk, number: int, other: int, kind: LinkKind, version: int | None = None
) -> TicketView:
    """Note that a ticket is related to another; a link that is there already stays as it is."""
    with changing(desk, number, Verb.LINK, version) as change:
        _add_link(change, other, kind)
    return show(desk, number)


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
    _add_link(change, into, LinkKind.DUPLICATE)
    change.take_if_nobody_has_it()
    change.become(State.RESOLVED)
    change.ticket.resolved_at = change.now
    change.record("merged", data={"into": ref(into)})
    kept_change = change.beside(kept)
    kept_change.record("joined", data={"duplicate": change.ref, "subject": change.ticket.subject})
    kept_change.finish()


def _add_link(change: Change, other: int, kind: LinkKind) -> None:
    if other == change.ticket.id:
        raise RefusedError(f"{change.ref} cannot be linked to itself: name another ticket.")
    tickets.load(change.session, other)
    if tickets.has_link(change.session, change.ticket.id, other, kind):
        return
    change.session.add(TicketLink(ticket_id=change.ticket.id, other_id=other, kind=kind))
    change.record("linked", data={"kind": kind, "to": ref(other)})
