"""Take a ticket over from the agent who holds it: one rule for every command and key.

It has to be asked for, the holder is named, and a notice tells them.
"""

from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.errors import HeldError
from helpdesk.domain.i18n import _
from helpdesk.store.models import Agent

#: In the place of logins: the ticket is taken over from anybody.
ANY_HOLDER = "*"


def require_free_to_take(change: TicketChange, take_from: frozenset[str]) -> None:
    """Refuse to assign a ticket to the acting agent if another agent holds it.

    :param take_from: the logins of the holders from whom it may be taken over, or
        :data:`ANY_HOLDER`.
    :raises HeldError: if another agent holds it.
    """
    ticket = change.ticket
    if ticket.assignee_id in (None, change.actor_id):
        return
    holder = change.session.get_one(Agent, ticket.assignee_id).login
    if not take_from & {holder, ANY_HOLDER}:
        raise HeldError(
            _(
                "{ticket} is already claimed by {holder}; to take it over, press c in the app or "
                "use 'ticket claim --take-over': {holder} is told."
            ).format(ticket=change.ref, holder=holder),
            holder,
        )
