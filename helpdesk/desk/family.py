"""Parents and children of major incidents, and links that are taken away."""

from helpdesk.desk.change import changing
from helpdesk.desk.recording import Change
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.tickets import show
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import LinkKind, Verb, ref
from helpdesk.store import tickets

_DEEPEST = 10


def require_tree(change: Change, parent: int) -> None:
    """Refuse a second parent, and a parent that is below its child.

    :raises RefusedError: naming what stands against it.
    """
    session, number = change.session, change.ticket.id
    has = tickets.parent_of(session, number)
    if has == parent:
        return
    if has is not None:
        raise RefusedError(
            f"{change.ref} is a child of {ref(has)} already: unlink it from there first."
        )
    above: int | None = parent
    for _ in range(_DEEPEST):
        if above == number:
            raise RefusedError(
                f"{ref(parent)} is below {change.ref} already: it cannot be its parent, too."
            )
        above = None if above is None else tickets.parent_of(session, above)
    if above is not None:
        raise RefusedError(f"{change.ref} would be more than {_DEEPEST} levels deep: link higher.")


def unlink(
    desk: Desk, number: int, other: int, kind: LinkKind, version: int | None = None
) -> TicketView:
    """Take a link of a ticket to another away."""
    with changing(desk, number, Verb.LINK, version) as change:
        unlink_within(change, other, kind)
    return show(desk, number)


def unlink_within(change: Change, other: int, kind: LinkKind) -> None:
    """Unlink within a change that is under way.

    :raises RefusedError: if there is no such link.
    """
    if not tickets.has_link(change.session, change.ticket.id, other, kind):
        raise RefusedError(f"{change.ref} is not linked to {ref(other)} as {kind}.")
    tickets.remove_link(change.session, change.ticket.id, other, kind)
    change.record("unlinked", data={"kind": kind, "to": ref(other)})


def open_children(desk: Desk, number: int) -> tuple[int, ...]:
    """Return the children of a ticket that are not resolved yet."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        return tuple(tickets.open_children(session, number))
