"""Find the ticket that goes on for a merged one, and refuse on this one what belongs there."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from helpdesk.desk.sla.history import effective_entries
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import HiddenError, RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.ticket import Verb, parse_ref, ref
from helpdesk.store.models import Ticket
from helpdesk.store.ticket import tickets

#: What is done on the ticket that goes on: on the merged one nobody would see it, and it would
#: count as work on a query that another ticket answers.
_BELONGS_TO_OTHER = frozenset({Verb.REPLY, Verb.RATE, Verb.SPEND, Verb.TICK})
#: The entries of which the last one tells whether a finished ticket was merged.
_ENDINGS = (EntryType.MERGED, EntryType.RESOLVED, EntryType.REOPENED, EntryType.UNDONE)


def merged_into(session: Session, ticket: Ticket) -> int | None:
    """Return the number of the ticket into which this one was merged; None if it was not.

    A ticket that was reopened after a merge is no longer merged.
    """
    if ticket.state.is_active:
        return None
    entries = effective_entries(tickets.events_of_types(session, ticket.id, _ENDINGS))
    last = entries[-1] if entries else None
    merged = last is not None and last.type is EntryType.MERGED
    into = last.data.get("into") if last is not None and merged else None
    return parse_ref(into) if into else None


def ticket_that_goes_on(session: Session, ticket: Ticket) -> Ticket | None:
    """Return the ticket that goes on for a merged one, after any number of merges.

    :returns: None if the ticket was not merged.
    :raises HiddenError: if the acting agent may not see the other ticket.
    """
    found, seen = ticket, {ticket.id}
    while (number := merged_into(session, found)) is not None and number not in seen:
        seen.add(number)
        found = tickets.load(session, number)
    return None if found is ticket else found


def require_not_merged(session: Session, ticket: Ticket, verbs: Iterable[Verb]) -> None:
    """Refuse a verb that belongs to the ticket that goes on.

    :raises RefusedError: naming that ticket, if this one was merged and one of the verbs answers
        its requester or records work on it.
    """
    verb = next((verb for verb in verbs if verb in _BELONGS_TO_OTHER), None)
    if verb is None or ticket.state.is_active:
        return
    try:
        other = ticket_that_goes_on(session, ticket)
    except HiddenError:
        raise RefusedError(_HIDDEN.format(ticket=ref(ticket.id))) from None
    if other is not None:
        raise RefusedError(
            _("{ticket} was merged into {other}, which goes on: use '{verb}' on {other}.").format(
                ticket=ref(ticket.id), other=ref(other.id), verb=verb
            )
        )


_HIDDEN = _(
    "{ticket} was merged into a ticket that you may not see: ask an agent who may, or reopen "
    "{ticket} (ticket reopen)."
)


def other_for_message(session: Session, ticket: Ticket) -> Ticket | None:
    """Return the ticket for a message to a merged one; None if this one was not merged.

    :raises RefusedError: if the acting agent may not see the other ticket.
    """
    try:
        return ticket_that_goes_on(session, ticket)
    except HiddenError:
        raise RefusedError(_HIDDEN.format(ticket=ref(ticket.id))) from None
