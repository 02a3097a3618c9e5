"""What follows after a query was logged: the change to undo, and the message."""

from helpdesk.desk.ticket.views import TicketView
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import LinkKind, State, parse_ref
from helpdesk.tui.text.sent import sent_text


def change_made(ticket: TicketView, duplicate_of: int | None) -> dict[int, int]:
    """Return the new ticket with its version, as a change that can be undone.

    :param ticket: the new ticket; for a duplicate, the ticket that it follows.
    """
    if duplicate_of is None:
        return {ticket.number: ticket.version}
    duplicates = [
        parse_ref(link.ref)
        for link in ticket.links
        if link.kind is LinkKind.DUPLICATE and not link.outward
    ]
    return {max(duplicates): 0} if duplicates else {}


def confirmation(ticket: TicketView, duplicate_of: int | None, source: str) -> str:
    """Return the message: what was logged, and what was sent to whom.

    :param ticket: as for :func:`change_made`.
    :param source: the article or ticket that the query was answered with.
    """
    if duplicate_of is not None:
        people = [one_line(person.mail) for person in ticket.further_requesters if person.mail]
        told = _(", whose answers go to {who} as well").format(who=people[-1]) if people else ""
        return f"logged as the same issue as {ticket.ref}{told}."
    replies = [event.text for event in ticket.events if event.type is EntryType.REPLIED]
    if ticket.state is State.RESOLVED:
        sent = sent_text(ticket, replies[-1] if replies else "")
        return _("{ticket} logged and resolved with {source}; {sent}").format(
            ticket=ticket.ref, source=source, sent=sent
        )
    if ticket.reappeared is not None:
        return f"{ticket.ref} logged; {ticket.reappeared.sentence}."
    return f"{ticket.ref} logged: {ticket.priority}, {ticket.state}."
