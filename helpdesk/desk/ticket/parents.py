"""Parents and children (of major incidents), and removing links."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.desk.session import Desk
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import LinkKind, Verb, ref
from helpdesk.store.ticket import tickets

_MAX_DEPTH = 10


def require_tree(change: TicketChange, parent: int) -> None:
    """Refuse a parent that would not leave the tickets in a tree.

    :raises RefusedError: if the ticket has another parent, if the new parent is below the ticket,
        or if the tree would become too deep.
    """
    session, number = change.session, change.ticket.id
    current = tickets.parent_of(session, number)
    if current == parent:
        return
    if current is not None:
        raise RefusedError(
            f"{change.ref} is a child of {tickets.shown_ref(session, current)} already: "
            "unlink it from there first (ticket link --remove)."
        )
    above: int | None = parent
    for _ in range(_MAX_DEPTH):
        if above == number:
            raise RefusedError(
                f"{ref(parent)} is below {change.ref} already: it cannot be its parent, too."
            )
        above = None if above is None else tickets.parent_of(session, above)
    if above is not None:
        raise RefusedError(
            f"{change.ref} would be more than {_MAX_DEPTH} levels deep: link higher."
        )


@dataclass(frozen=True, slots=True)
class Unlink:
    """Remove the link of a ticket to another one."""

    to: int
    kind: LinkKind
    verb: ClassVar[Verb] = Verb.LINK

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Remove the link.

        :raises RefusedError: if there is no such link.
        """
        # Both are asked always: a hidden ticket is answered like one that is not linked.
        is_visible = self.to in tickets.visible_numbers(change.session, [self.to])
        start, end = change.ticket.id, self.to
        is_linked = tickets.has_link(change.session, start, end, self.kind)
        if self.kind is LinkKind.RELATED and not is_linked:  # it is the same from either side
            start, end = end, start
            is_linked = tickets.has_link(change.session, start, end, self.kind)
        if not (is_visible and is_linked):
            raise RefusedError(
                f"{change.ref} is not linked to {ref(self.to)} as {self.kind}: name the "
                f"--kind and --to that 'ticket show {change.ref}' shows."
            )
        tickets.remove_link(change.session, start, end, self.kind)
        change.record(EntryType.UNLINKED, data={"kind": self.kind, "to": ref(self.to)})


def open_children(desk: Desk, number: int) -> tuple[int, ...]:
    """Return the numbers of a ticket's children that are not resolved yet."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        return tuple(tickets.open_children(session, number))
