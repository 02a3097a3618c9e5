"""Refuse links that make no sense: a problem or change that is none."""

from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.ticket import Kind, LinkKind, ref
from helpdesk.store.models import Ticket

#: The kind of ticket that each of these links leads to.
_LEADS_TO = {LinkKind.PROBLEM: Kind.PROBLEM, LinkKind.CHANGE: Kind.CHANGE}


def require_sense(change: TicketChange, other: Ticket, kind: LinkKind) -> None:
    """Refuse a link as caused by a problem, or done by a change, to a ticket of another kind.

    :raises RefusedError: naming what to do instead.
    """
    needed = _LEADS_TO.get(kind)
    if needed is None or other.id == change.ticket.id:
        return
    if other.kind is not needed:
        raise RefusedError(
            _(
                "{other} is of kind {kind}, so it is no {needed}: name a {needed}, set its kind "
                "(ticket set {other} --kind {needed}), or link it as related (--kind related)."
            ).format(other=ref(other.id), kind=other.kind, needed=needed)
        )
    if change.ticket.kind is needed:
        raise RefusedError(
            _(
                "{ticket} is a {needed} itself, as is {other}: link it as related or as a child "
                "(--kind related, --kind parent), or merge them."
            ).format(ticket=change.ref, other=ref(other.id), needed=needed)
        )
