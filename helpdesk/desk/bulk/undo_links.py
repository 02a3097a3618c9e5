"""Undo links and merges: what they did outside the ticket's own row."""

from collections.abc import Sequence

from helpdesk.desk.ticket import joining
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.ticket import LinkKind, parse_ref, ref
from helpdesk.store.models import TicketEvent, TicketLink
from helpdesk.store.ticket import tickets

#: Entries by which the requesters of a ticket, and of its duplicates, may have been told something.
_SENT = (EntryType.REPLIED, EntryType.RESOLVED, EntryType.MERGED)


def require_nothing_sent(change: TicketChange, entries: Sequence[TicketEvent]) -> None:
    """Refuse to undo a merge after the ticket that goes on was answered.

    :raises RefusedError: if its requesters were answered since.
    """
    other = _joined_ticket(entries)
    if other is None:
        return
    joined = joining.joined_entry(change, other)
    since = tickets.events_of_types(change.session, other, _SENT)
    if joined is None or any(entry.id > joined.id for entry in since):
        raise RefusedError(
            f"{change.ref} cannot be put back: {ref(other)} was answered since, and with it the "
            f"requester of {change.ref}; reopen it, or log the query again."
        )


def undo_links(change: TicketChange, entries: Sequence[TicketEvent]) -> None:
    """Remove the links that these entries made, and add those that they removed."""
    session, number = change.session, change.ticket.id
    added_duplicate = False
    for entry in entries:
        if entry.type not in (EntryType.LINKED, EntryType.UNLINKED):
            continue
        other, kind = parse_ref(entry.data["to"]), LinkKind(entry.data["kind"])
        if entry.type is EntryType.LINKED:
            tickets.remove_link(session, number, other, kind)
            added_duplicate |= kind is LinkKind.DUPLICATE
        elif not tickets.has_link(session, number, other, kind):
            session.add(TicketLink(ticket_id=number, other_id=other, kind=kind))
    session.flush()
    joined_ticket = _joined_ticket(entries)
    if joined_ticket is not None:
        joining.part(change, joined_ticket, follows=not added_duplicate)


def _joined_ticket(entries: Sequence[TicketEvent]) -> int | None:
    """Return the ticket that a merge or a duplicate joined, or None."""
    for entry in entries:
        if entry.type is EntryType.MERGED:
            return parse_ref(entry.data["into"])
        if entry.type is EntryType.FOLLOWS:
            return parse_ref(entry.data["to"])
    return None
