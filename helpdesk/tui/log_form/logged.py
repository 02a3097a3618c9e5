"""What follows after a query was logged: the change to undo, and the message."""

from helpdesk.desk.ticket.log_query import LoggedQuery
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import State, parse_ref
from helpdesk.tui.text.sent import sent_text


def change_made(logged: LoggedQuery) -> dict[int, int]:
    """Return the new ticket with its version, as a change that can be undone."""
    number = parse_ref(logged.ref)
    return {number: logged.ticket.version if logged.ticket.number == number else 0}


def confirmation(logged: LoggedQuery, source: str) -> str:
    """Return the message: what was logged, and what was sent to whom.

    :param source: the article or ticket that the query was answered with.
    """
    ticket = logged.ticket
    if logged.ref != ticket.ref:
        people = [one_line(person.mail) for person in ticket.further_requesters if person.mail]
        told = _(", whose answers go to {who} as well").format(who=people[-1]) if people else ""
        return _("{new} logged as the same issue as {leading}{told}.").format(
            new=logged.ref, leading=ticket.ref, told=told
        )
    replies = [event.text for event in ticket.events if event.type is EntryType.REPLIED]
    if ticket.state is State.RESOLVED:
        sent = sent_text(ticket, replies[-1] if replies else "")
        return _("{ticket} logged and resolved with {source}; {sent}").format(
            ticket=ticket.ref, source=source, sent=sent
        )
    if ticket.reappeared is not None:
        return f"{ticket.ref} logged; {ticket.reappeared.sentence}."
    return f"{ticket.ref} logged: {ticket.priority}, {ticket.state}."
