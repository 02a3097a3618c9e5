"""The first look at a desk: what the app shows before anything else."""

from helpdesk.desk import queues
from helpdesk.desk.queue.views import Glance
from helpdesk.desk.session import Desk


def glance(desk: Desk, lines: int) -> Glance:
    """Return the first lines of the queue in which the agent begins."""
    queue = desk.agent.home
    selection = queues.Selection(queue=queue, assignee=None if queue else desk.login)
    return Glance(desk.agent, queues.page(desk, selection, limit=lines))
