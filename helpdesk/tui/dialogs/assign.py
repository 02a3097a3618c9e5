"""The dialog that assigns a ticket to an agent."""

from collections.abc import Callable, Iterable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from helpdesk.desk.agent_view import AgentView
from helpdesk.desk.bulk.bulk import BulkOutcome
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.handling import Assign
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.tui.base.take_over import ask_to_take_over
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.widgets.choice_input import ChoiceInput


class AssignDialog(TicketDialog):
    """Choose an agent who serves the ticket's queue.

    :param agents: those to whom the ticket can be assigned.
    """

    MANUAL = "agent#take-and-assign"
    NAME, TITLE_TEXT, DONE = "assign", "Assign", "assigned"
    HINTS = "Ctrl+S assign   ↑↓ agents of this queue   Esc back"

    def __init__(self, ticket: TicketView, agents: tuple[AgentView, ...]) -> None:
        super().__init__(ticket)
        self._take_from: frozenset[str] = frozenset()
        self._agents = agents

    def fields(self) -> Iterable[Widget]:
        """Return the field for the agent, and the names of those who can be chosen."""
        yield self.label(f"Agent of {self.ticket.queue}")
        yield ChoiceInput([agent.login for agent in self._agents], name="to")
        names = "   ".join(f"{agent.login} ({one_line(agent.name)})" for agent in self._agents)
        yield Static(Content(names), classes="hints", markup=False)

    def action(self) -> Callable[[Desk], Action]:
        """Return the assignment; the start of a login is enough if only one agent's begins so.

        :raises RefusedError: if the field is empty.
        """
        entered = self.value("to").strip()
        if not entered:
            raise RefusedError(
                _("no agent is named: type the start of a login, or choose with ↑↓.")
            )
        matches = [agent.login for agent in self._agents if agent.login.startswith(entered)]
        login = matches[0] if len(matches) == 1 else entered
        take_from = self._take_from
        return lambda _: Assign(login, take_from)

    def asks_about(self, outcome: BulkOutcome) -> bool:
        """Ask before the agent assigns tickets of others to themselves."""

        async def take_over(holders: frozenset[str], words: str) -> None:
            self._take_from, self.DONE = holders, words
            await self.action_save()

        return ask_to_take_over(self.desk_app, outcome, take_over, self.after_refusal)
