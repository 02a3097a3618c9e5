"""The dialog that assigns a ticket to an agent with one key."""

from collections.abc import Container, Sequence
from typing import ClassVar

from rich.cells import set_cell_size
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Key
from textual.widgets import Static

from helpdesk.desk.queue.board import AgentLine
from helpdesk.desk.queue.views import QueueRow
from helpdesk.domain.errors import DeskError
from helpdesk.domain.text import one_line
from helpdesk.tui.base.host import host_of
from helpdesk.tui.text.countdown import SYMBOLS, CountdownStatus
from helpdesk.tui.widgets.keymap import BACK, QUIT, bindings
from helpdesk.tui.widgets.steady_screen import SteadyModal

#: The keys of the agents, in order. Agents without a key here are reached by the assign dialog.
_KEYS = "123456789abcdefghilmnoprstuvxyz"


class ReassignDialog(SteadyModal[None]):
    """List the agents of a ticket's queue, least busy first, each with the key to assign it.

    :param assignable: the logins of those to whom the ticket can be assigned.
    """

    MANUAL = "lead#give-a-ticket-to-somebody"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BACK, QUIT)]

    def __init__(
        self, row: QueueRow, agents: Sequence[AgentLine], assignable: Container[str]
    ) -> None:
        super().__init__()
        self._row = row
        serving = [agent for agent in agents if agent.login in assignable]
        serving = [agent for agent in serving if agent.login != row.assignee]
        serving.sort(key=lambda agent: (agent.open, agent.login))
        self._agents = dict(zip(_KEYS, serving, strict=False))

    def compose(self) -> ComposeResult:
        """Lay out the title and a line for each agent."""
        row = self._row
        holder = f", now {one_line(row.assignee)}" if row.assignee else ""
        title = f"Give {row.ref} ({row.queue}{holder}) to"
        with VerticalScroll(can_focus=False):
            yield Static(Content(title), classes="title", markup=False)
            yield Static(Content(one_line(row.subject)[:200]), classes="hints", markup=False)
            lines = [_line(key, agent) for key, agent in self._agents.items()]
            none = f"nobody else serves {row.queue}"
            yield Static(Content("\n".join(lines) or none), markup=False)
            yield Static(Content("a key gives it   Esc back"), classes="hints", markup=False)

    async def on_key(self, event: Key) -> None:
        """Assign the ticket to the agent with this key."""
        agent = self._agents.get(event.character or "")
        if agent is None:
            return
        event.stop()
        from helpdesk.desk.bulk import bulk  # imports the ORM, so only when needed
        from helpdesk.desk.ticket.handling import Assign  # as above
        from helpdesk.tui.base.take_over import ask_to_take_over  # as above

        app = host_of(self)
        row = self._row

        async def give(take_from: frozenset[str] = frozenset(), words: str = "") -> None:
            action = Assign(agent.login, take_from)
            try:
                outcome = await app.backend.call(
                    bulk.apply, [row.number], [action], versions={row.number: row.version}
                )
                if outcome.refused and ask_to_take_over(app, outcome, give, _ignore):
                    return
                bulk.require_done(outcome)
            except DeskError as error:
                self.dismiss()
                app.say_error(error)
                return
            self.dismiss()
            app.record_change(outcome.made)
            app.say(f"{row.ref} {words}." if words else f"{row.ref} is {agent.login}'s now.")
            await app.look_for_changes()

        await give()

    def action_back(self) -> None:
        """Close the dialog without a change."""
        self.dismiss()


async def _ignore(rest: bool) -> None:
    """Do nothing: the only ticket was refused."""


def _line(key: str, agent: AgentLine) -> str:
    late = f"  {SYMBOLS[CountdownStatus.BREACHED]} {agent.breached}" if agent.breached else ""
    name = set_cell_size(f"{one_line(agent.login)}  {one_line(agent.name)}", 30)
    return f"  {key}  {name}  {agent.open:>3} open, {agent.due_today} due today{late}"
