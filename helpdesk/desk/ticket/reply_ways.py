"""How a reply reaches the requester: a ticket without an address has replies that were said."""

from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.ticket import Channel, ReplyWay, somebody_asked
from helpdesk.store.models import Requester
from helpdesk.store.ticket import relations

#: How the closing words are given on a ticket without an address, by the way in which it came.
_SPOKEN = {Channel.PHONE: ReplyWay.PHONE, Channel.WALK_IN: ReplyWay.PERSON}


def require_address(change: TicketChange) -> None:
    """Refuse a reply that has nobody to go to.

    :raises RefusedError: if no requester of the ticket has an address.
    """
    if not _has_address(change):
        raise RefusedError(
            _(
                "{ticket} has no requester with an address to send the reply to: mark it as said "
                "with --by phone or --by person (in the app Ctrl+L), or set the requester first."
            ).format(ticket=change.ref)
        )


def spoken_way(change: TicketChange) -> ReplyWay | None:
    """Return how a ticket without an address is answered when it is resolved.

    :returns: None if a requester has an address, or the ticket came neither by phone nor in person.
    """
    return None if _has_address(change) else _SPOKEN.get(change.ticket.channel)


def has_somebody(change: TicketChange) -> bool:
    """Return whether there is somebody to answer: a requester, or a caller without a name."""
    session, ticket = change.session, change.ticket
    named = ticket.requester_id is not None
    named = named or bool(relations.have_further_requesters(session, [ticket.id]))
    return somebody_asked(ticket.kind, ticket.channel, named=named)


def _has_address(change: TicketChange) -> bool:
    session, ticket = change.session, change.ticket
    requester = session.get(Requester, ticket.requester_id or 0)
    if requester is not None and requester.mail:
        return True
    return any(person.mail for person in relations.further_requesters(session, ticket.id))
