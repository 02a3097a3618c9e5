"""The lead's board."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from helpdesk.desk.queue.board import LeadBoard
from helpdesk.desk.queue.views import QueuePage
from helpdesk.domain.errors import DeskError
from helpdesk.domain.escalation import Level
from helpdesk.tui.board.board_reader import BoardReader
from helpdesk.tui.board.line_list import LineList
from helpdesk.tui.board.lines import board_lines
from helpdesk.tui.board.reassign import ReassignDialog
from helpdesk.tui.board.risk_table import RiskTable
from helpdesk.tui.queue.countdown_column import CountdownColumn
from helpdesk.tui.text.countdown import SYMBOLS, CountdownStatus
from helpdesk.tui.widgets.keymap import BACK, BOARD, GLOBAL, LIST, bindings

#: Shortest time between two reads of the board: a busy desk changes several times a second.
_MIN_RELOAD_INTERVAL_S = 2.0
#: The board is also read this often without a change: ages and rates change with time alone.
_MAX_AGE = timedelta(seconds=30)
#: The least number of lines that is left for the tickets at risk.
_RISK_LINES = 6
#: The board is open already.
_GLOBAL = tuple(key for key in GLOBAL if key.name != "board")


class BoardScreen(BoardReader):
    """Queues and agents above the tickets that will be overdue next, with one cursor for both."""

    MANUAL = "lead#the-board"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BOARD, BACK, _GLOBAL)]
    KEYS = (*BOARD, LIST[0], *BACK, *_GLOBAL)

    def __init__(self) -> None:
        super().__init__()
        self._reload_timer: Timer | None = None

    def body(self) -> Iterable[Widget]:
        """Lay out the title, the queues and agents, and the tickets at risk."""
        yield Static("lead's board", id="title", markup=False)
        yield LineList()
        yield Static("", id="head", markup=False)
        table = RiskTable(with_queue=True)
        yield Horizontal(table, table.countdowns, id="list")

    @property
    def _lines(self) -> LineList:
        return self.query_one(LineList)

    @property
    def _table(self) -> RiskTable:
        return self.query_one(RiskTable)

    def on_mount(self) -> None:
        """Focus the list of queues and agents."""
        self.set_focus(self._lines)

    def desk_changed(self) -> None:
        """Read the board again, at most once per interval."""
        if self._reload_timer is None:
            self.load()
            self._reload_timer = self.set_timer(_MIN_RELOAD_INTERVAL_S, self._interval_over)
        else:
            self._reload_due = True

    _reload_due = False

    def _interval_over(self) -> None:
        self._reload_timer = None
        if self._reload_due and self.is_current:
            self._reload_due = False
            self.desk_changed()

    def tick(self, now: datetime) -> None:
        """Update the countdowns; read the board again once it is too old."""
        super().tick(now)
        self._table.tick(now)
        if self.read_at is not None and now - self.read_at >= _MAX_AGE:
            self.read_at = now
            self.desk_changed()

    def draw(self) -> None:
        """Draw the title, the lines and the tickets at risk."""
        board = self.board
        width = self.size.width
        if board is None or not width:
            return
        lines = board_lines(board, width, board.read_at)
        self._lines.styles.max_height = max(6, self.size.height - 4 - _RISK_LINES)
        self._lines.show(lines)
        self.query_one("#title", Static).update(Content(_title(board, width - 2)))
        self._table.show_page(QueuePage(board.at_risk, 0, len(board.at_risk)), self.desk_app.now())
        head = self._table.head(width).replace(f"{'ID':8}", "Due next", 1)
        self.query_one("#head", Static).update(Content(head))

    @on(LineList.Left)
    def _on_lines_left(self, event: LineList.Left) -> None:
        if event.step > 0 and self._table.current is not None:
            self.set_focus(self._table)

    @on(RiskTable.Left)
    def _on_table_left(self) -> None:
        self.set_focus(self._lines)

    def current_ticket(self) -> int | None:
        """Return the ticket under the cursor; None if the cursor is on a queue or an agent."""
        row = self._table.current
        return row.number if row and self.focused is self._table else None

    def neighbour(self, number: int, step: int) -> int | None:
        """Move the cursor from a ticket at risk to the next one (1) or the one before (-1)."""
        return self._table.move_from(number, step)

    @on(LineList.Chosen)
    async def _on_line_chosen(self, event: LineList.Chosen) -> None:
        if isinstance(event.target, Level):
            await self.desk_app.action_queue(event.target)
        else:
            from helpdesk.tui.queue.ticket_list import TicketListScreen, agent_tickets

            await self.desk_app.push_screen(TicketListScreen(*agent_tickets(event.target)))

    @on(RiskTable.Opened)
    async def _on_opened(self, event: RiskTable.Opened) -> None:
        await self.desk_app.open_ticket(event.number)

    @on(CountdownColumn.Clicked)
    def _on_countdown_clicked(self, event: CountdownColumn.Clicked) -> None:
        self.set_focus(self._table)
        self._table.click_line(event.line, event.chain)

    @on(CountdownColumn.Scrolled)
    def _on_countdowns_scrolled(self, event: CountdownColumn.Scrolled) -> None:
        self._table.scroll_relative(y=event.lines, animate=False)

    async def action_reassign(self) -> None:
        """Assign the ticket under the cursor to another agent.

        If the cursor is on a queue or an agent, take the ticket that is due next.
        """
        row = self._table.current
        if row is None or self.board is None:
            self.desk_app.say("no ticket is due: there is nothing to give to anybody.", done=False)
            return
        if self.focused is not self._table:
            self.set_focus(self._table)
        from helpdesk.desk.ticket.assignable import assignable  # imports the ORM

        board = self.board
        try:
            able = await self.desk_app.backend.call(assignable, row.number)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        logins = {agent.login for agent in able}
        await self.desk_app.push_screen(ReassignDialog(row, board.agents, logins))

    async def action_wall(self) -> None:
        """Show the wall display."""
        from helpdesk.tui.board.wall import WallScreen

        await self.desk_app.push_screen(WallScreen())


def _title(board: LeadBoard, width: int) -> str:
    counts = [line.count for line in board.queues]
    parts = [
        f"{sum(count.open for count in counts)} open",
        f"{sum(count.unassigned for count in counts)} free",
        f"{SYMBOLS[CountdownStatus.WARNING]} {sum(count.warning for count in counts)}",
        f"{SYMBOLS[CountdownStatus.BREACHED]} {sum(count.breached for count in counts)}",
    ]
    if board.attained is not None:
        parts.append(f"SLA this week {board.attained * 100:.1f} %")
    right = " · ".join(parts)
    name = "lead's board"
    return f"{name}{right:>{max(0, width - len(name))}}"
