"""The interface of all verbs: an action that can be applied to a ticket.

Each verb is a class in the folder of its noun (:class:`helpdesk.desk.ticket.handling.Claim`,
:class:`helpdesk.desk.ticket.resolving.Resolve`, …); its fields are the verb's arguments.
:func:`helpdesk.desk.bulk.bulk.apply` applies actions to one or many tickets.
"""

from typing import ClassVar, Protocol

from helpdesk.desk.session import Desk
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.ticket import Verb


class Action(Protocol):
    """A verb with its arguments, which can be applied to any ticket."""

    verb: ClassVar[Verb]

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Apply the verb to the ticket of the change.

        :raises DeskError: if the verb is refused; the whole change is rolled back then.
        """
