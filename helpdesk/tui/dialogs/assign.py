"""The dialog that assigns a ticket to an agent."""

from collections.abc import Callable, Iterable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from helpdesk.desk.agent_view import AgentView
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.handling import Assign
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.domain.text import one_line
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.widgets.choice_input import ChoiceInput


class AssignDialog(TicketDialog):
    """Choose an agent who serves the ticket's queue."""

    MANUAL = "agent#take-and-assign"
    NAME, TITLE_TEXT, DONE = "assign", "Assign", "assigned"
    HINTS = "Ctrl+S assign   ↑↓ agents of this queue   Esc back"

    def __init__(self, ticket: TicketView, agents: tuple[AgentView, ...]) -> None:
        super().__init__(ticket)
        self._agents = [agent for agent in agents if agent.active and ticket.queue in agent.levels]

    def fields(self) -> Iterable[Widget]:
        """Return the field for the agent, and the names of those who can be chosen."""
        yield self.label(f"Agent of {self.ticket.queue}")
        yield ChoiceInput([agent.login for agent in self._agents], name="to")
        names = "   ".join(f"{agent.login} ({one_line(agent.name)})" for agent in self._agents)
        yield Static(Content(names), classes="hints", markup=False)

    def action(self) -> Callable[[Desk], Action]:
        """Return the assignment; the start of a login is enough if only one agent's begins so."""
        entered = self.value("to").strip()
        matches = [agent.login for agent in self._agents if agent.login.startswith(entered)]
        login = matches[0] if entered and len(matches) == 1 else entered
        return lambda _: Assign(login)
