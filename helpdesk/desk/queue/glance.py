"""Read the first rows of the agent's queue, which the app shows before anything else."""

from helpdesk.desk.queue import lists
from helpdesk.desk.queue.views import Glance
from helpdesk.desk.session import Desk


def glance(desk: Desk, lines: int) -> Glance:
    """Return the first rows of the queue with which the app starts for this agent."""
    queue = desk.agent.home
    selection = lists.Selection(queue, None if queue else desk.login, folded=True)
    return Glance(desk.agent, lists.page(desk, selection, limit=lines))
