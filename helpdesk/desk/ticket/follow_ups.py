"""Watch a ticket, and set a follow-up date on which to look at it again."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.show_ticket import show
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.time_input import read_until
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import Verb
from helpdesk.store.people import notices
from helpdesk.store.ticket import tickets


def watch(desk: Desk, number: int, *, wanted: bool = True) -> TicketView:
    """Make the acting agent a watcher, who is notified of every change of a ticket, or stop that.

    This is not a change of the ticket: its version stays.  Repeating it has no effect.

    :param wanted: False to stop watching.
    :raises NotFoundError: if there is no such ticket.
    """
    desk.require(Right.READ)
    with desk.database.write() as session:
        notices.watch(session, tickets.load(session, number).id, desk.agent_id, wanted=wanted)
    return show(desk, number)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Set a follow-up date, on which the assignee is notified once.

    Without an assignee, the agent who set the date is notified.

    :ivar when: as for :func:`helpdesk.desk.time_input.read_until`; "" removes the date.
    """

    when: str
    verb: ClassVar[Verb] = Verb.FOLLOW_UP

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Set or remove the date.

        :raises RefusedError: if it is not a time in the future, or there is no date to remove.
        """
        at = read_until(self.when, change.now)
        ticket = change.ticket
        if at is None and ticket.follow_up_at is None:
            raise RefusedError(
                f"{change.ref} has no follow-up date: name one (--at 2h, 3d, 'fri 14:00')."
            )
        ticket.follow_up_at, ticket.follow_up_due = at, False
        change.record(EntryType.FOLLOW_UP, data={"at": f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""})
