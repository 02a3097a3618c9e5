"""Keeping an eye on a ticket: watching it, and a date on which to look at it again."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.show_ticket import show
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.time_input import read_until
from helpdesk.desk.unit_of_work.recorder import Change
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import Verb
from helpdesk.store.people import notices
from helpdesk.store.ticket import tickets


def watch(desk: Desk, number: int, *, wanted: bool = True) -> TicketView:
    """Let the acting agent be told of every change of a ticket, or no longer.

    It is theirs alone and no change of the ticket; doing it twice changes nothing.
    """
    desk.require(Right.READ)
    with desk.database.write() as session:
        notices.watch(session, tickets.load(session, number).id, desk.agent_id, wanted=wanted)
    return show(desk, number)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Let a ticket be looked at again on a date: its assignee is told then, once.

    Without an assignee, the agent who asked for it is told.

    :ivar when: as for :func:`helpdesk.desk.time_input.read_until`; "" takes the date back.
    """

    when: str
    verb: ClassVar[Verb] = Verb.FOLLOW_UP

    def apply(self, desk: Desk, change: Change) -> None:
        """Set the date, or take it back.

        :raises RefusedError: if it is no time to come, or there is no date to take back.
        """
        at = read_until(self.when, change.now)
        ticket = change.ticket
        if at is None and ticket.follow_up_at is None:
            raise RefusedError(
                f"{change.ref} has no follow-up date: name one (such as 2h, 3d, fri 14:00)."
            )
        ticket.follow_up_at, ticket.follow_up_due = at, False
        change.record(EntryType.FOLLOW_UP, data={"at": f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""})
