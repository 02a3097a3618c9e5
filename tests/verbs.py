"""Do actions in tests in the way in which the command line and the screens do them."""

from helpdesk.desk.bulk import bulk
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import show_ticket
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.unit_of_work.action import Action


def do(desk: Desk, number: int, *actions: Action, version: int | None = None) -> TicketView:
    """Do actions to one ticket, as one change; return the changed ticket.

    :param version: the version that the agent has seen; None skips this check.
    :raises DeskError: if an action is refused.
    """
    versions = None if version is None else {number: version}
    bulk.require_done(bulk.apply(desk, [number], actions, versions=versions))
    return show_ticket.show(desk, number)
