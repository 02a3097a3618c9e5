"""Doing verbs in tests, on the path that the command line and the screens use."""

from helpdesk.desk.bulk import bulk
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import show_ticket
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.unit_of_work.action import Action


def do(desk: Desk, number: int, *actions: Action, version: int | None = None) -> TicketView:
    """Do the actions to one ticket, as one change; return the ticket afterwards.

    :param version: the version that the agent has seen; None acts on whatever it is now.
    :raises DeskError: what the ticket refused.
    """
    versions = None if version is None else {number: version}
    bulk.require_done(bulk.apply(desk, [number], actions, versions=versions))
    return show_ticket.show(desk, number)
