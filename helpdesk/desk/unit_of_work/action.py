"""What all verbs have in common: an action that is done to a ticket.

Each verb is a class beside the rest of its subject (:class:`helpdesk.desk.ticket.handling.Claim`,
:class:`helpdesk.desk.ticket.resolving.Resolve`, …); its fields are all that the verb needs.
:func:`helpdesk.desk.bulk.bulk.apply` does them, to one ticket or to many.
"""

from typing import ClassVar, Protocol

from helpdesk.desk.session import Desk
from helpdesk.desk.unit_of_work.recorder import Change
from helpdesk.domain.ticket import Verb


class Action(Protocol):
    """Something that can be done to a ticket within a change that is under way."""

    verb: ClassVar[Verb]

    def apply(self, desk: Desk, change: Change) -> None:
        """Do it.

        :raises DeskError: if the ticket refuses it; nothing of the change is kept then.
        """
