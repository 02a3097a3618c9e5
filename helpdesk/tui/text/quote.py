"""Quote the last message of a ticket, to answer below it."""

from helpdesk.desk.ticket.views import TicketView
from helpdesk.domain.entry_type import EntryType

#: A longer message is quoted up to this many lines.
_MAX_LINES = 100


def last_message(ticket: TicketView, *, internal: bool) -> str:
    """Return the last message of a ticket; "" if there is none.

    For a reply that is the last message of the requester: their words, as logged or recorded.

    :param internal: for an internal note; the last text of anybody, internal ones as well.
    """
    for event in reversed(ticket.events):
        if event.type is EntryType.LOGGED:
            text = ticket.body
        elif internal or event.type is EntryType.REQUESTER_WROTE:
            text = event.text
        else:
            continue
        if text.strip():
            return text
    return ""


def quoted(text: str) -> str:
    """Return a message with each line behind ``>``, and an empty line after it."""
    lines = text.strip().splitlines()
    rest = ["> …"] if len(lines) > _MAX_LINES else []
    quotes = [f"> {line}".rstrip() for line in lines[:_MAX_LINES]]
    return "\n".join([*quotes, *rest, "", ""])
