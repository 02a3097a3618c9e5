"""List the agents to whom a ticket can be assigned."""

from helpdesk.desk.agent_view import AgentView
from helpdesk.desk.session import Desk, agent_view
from helpdesk.domain.roles import Right
from helpdesk.store.people import people, serving
from helpdesk.store.ticket import tickets


def assignable(desk: Desk, number: int) -> tuple[AgentView, ...]:
    """Return the active agents who serve a ticket's queue and may see the ticket, by login.

    :raises NotFoundError: if there is no such ticket.
    """
    desk.require(Right.READ)
    with desk.database.read() as session:
        ticket = tickets.load(session, number)
        able = serving.members(session, ticket.queue, ticket.customer_id)
        levels = serving.levels_by_agent(session)
        return tuple(
            agent_view(agent, levels[agent.id])
            for agent in people.agents(session)
            if agent.id in able
        )
