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

from helpdesk.desk.queue.board import Board
from helpdesk.desk.queue.views import QueuePage
from helpdesk.domain.escalation import Level
from helpdesk.tui.board.board_reader import BoardReader
from helpdesk.tui.board.line_list import LineList
from helpdesk.tui.board.lines import board_lines
from helpdesk.tui.board.reassign import ReassignDialog
from helpdesk.tui.board.risk_table import RiskTable
from helpdesk.tui.queue.countdown_column import CountdownColumn
from helpdesk.tui.text.countdown import SYMBOLS, Mood
from helpdesk.tui.widgets.keymap import BACK, BOARD, GLOBAL, LIST, bindings

#: A busy desk changes several times a second; the board is read anew at most so often.
_AT_MOST_EVERY_S = 2.0
#: What time alone changes (ages, rates, what is overdue) is at most so old.
_KEEPS = timedelta(seconds=30)
#: The least number of lines for the tickets at risk.
_RISK_LINES = 6
#: Here `w` is the wall display.
_GLOBAL = tuple(key for key in GLOBAL if key.name not in ("alarms", "board"))


class BoardScreen(BoardReader):
    """Queues and agents above, the tickets that will be overdue next below; one cursor."""

    MANUAL = "lead#the-board"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BOARD, BACK, _GLOBAL)]
    KEYS = (*BOARD, LIST[0], *BACK, *_GLOBAL)

    def __init__(self) -> None:
        super().__init__()
        self._again: Timer | None = None

    def body(self) -> Iterable[Widget]:
        """Title, queues and agents, tickets."""
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
        """Begin at the first queue."""
        self.set_focus(self._lines)

    def desk_changed(self) -> None:
        """Read the board anew, but not all the time."""
        if self._again is None:
            self.load()
            self._again = self.set_timer(_AT_MOST_EVERY_S, self._rested)
        else:
            self._wanted = True

    _wanted = False

    def _rested(self) -> None:
        self._again = None
        if self._wanted and self.is_current:
            self._wanted = False
            self.desk_changed()

    def tick(self, now: datetime) -> None:
        """Draw the countdowns that changed in this second."""
        super().tick(now)
        self._table.tick(now)
        if self.read_at is not None and now - self.read_at >= _KEEPS:
            self.read_at = now
            self.desk_changed()

    def draw(self) -> None:
        """Draw the title, the lines and the tickets."""
        found = self.board
        width = self.size.width
        if found is None or not width:
            return
        lines = board_lines(found, width, found.read_at)
        self._lines.styles.max_height = max(6, self.size.height - 4 - _RISK_LINES)
        self._lines.show(lines)
        self.query_one("#title", Static).update(Content(_title(found, width - 2)))
        head = self._table.head(width)
        self.query_one("#head", Static).update(Content(head.replace("ID ", "Due next", 1)[:width]))
        self._table.show_page(QueuePage(found.at_risk, 0, len(found.at_risk)), self.desk_app.now())

    @on(LineList.Left)
    def _on_lines_left(self, event: LineList.Left) -> None:
        if event.step > 0 and self._table.current is not None:
            self.set_focus(self._table)

    @on(RiskTable.Left)
    def _on_table_left(self) -> None:
        self.set_focus(self._lines)

    def current_ticket(self) -> int | None:
        """The ticket under the cursor, if it is on one."""
        row = self._table.current
        return row.number if row and self.focused is self._table else None

    @on(LineList.Chosen)
    async def _on_line_chosen(self, event: LineList.Chosen) -> None:
        if isinstance(event.target, Level):
            await self.desk_app.action_queue(event.target)
        else:
            from helpdesk.tui.queue.ticket_list import TicketListScreen, of_agent

            await self.desk_app.push_screen(TicketListScreen(*of_agent(event.target)))

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
        """Give the ticket under the cursor to another agent.

        On a queue's or agent's line it is the ticket that is due next.
        """
        row = self._table.current
        if row is None or self.board is None:
            self.desk_app.say("no ticket is due: there is nothing to give to anybody.")
            return
        if self.focused is not self._table:
            self.set_focus(self._table)
        await self.desk_app.push_screen(ReassignDialog(row, self.board.agents))

    async def action_wall(self) -> None:
        """Show the wall display."""
        from helpdesk.tui.board.wall import WallScreen

        await self.desk_app.push_screen(WallScreen())


def _title(found: Board, width: int) -> str:
    counts = [line.count for line in found.queues]
    parts = [
        f"{sum(count.open for count in counts)} open",
        f"{sum(count.unassigned for count in counts)} free",
        f"{SYMBOLS[Mood.WARNING]} {sum(count.warning for count in counts)}",
        f"{SYMBOLS[Mood.BREACHED]} {sum(count.breached for count in counts)}",
    ]
    if found.attained is not None:
        parts.append(f"SLA this week {found.attained * 100:.1f} %")
    right = " · ".join(parts)
    name = "lead's board"
    return f"{name}{right:>{max(0, width - len(name))}}"
