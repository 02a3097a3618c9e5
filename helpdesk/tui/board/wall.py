"""The board as a wall display: large figures on pages that turn by themselves."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Digits, Static

from helpdesk.desk.queue.board import QueueLine
from helpdesk.desk.queue.views import QueueCount, QueuePage
from helpdesk.desk.report import kpi_report
from helpdesk.domain.errors import DeskError
from helpdesk.domain.escalation import Level
from helpdesk.domain.sla.clock import ClockName
from helpdesk.domain.text import one_line
from helpdesk.report import period
from helpdesk.report.formats.values import KEY_FIGURES, value_text
from helpdesk.report.report import KpiReport
from helpdesk.tui.board.board_reader import BoardReader
from helpdesk.tui.board.line_list import LineList
from helpdesk.tui.board.lines import agent_lines
from helpdesk.tui.board.risk_table import RiskTable
from helpdesk.tui.text.countdown import SYMBOLS, CountdownStatus
from helpdesk.tui.text.moments import age_text
from helpdesk.tui.widgets.keymap import BACK, WALL, bindings

#: Seconds for which a page is shown, between reads of the board, between reads of the KPIs.
_PAGE_S, _BOARD_S, _KPIS_S = 10, 5, 300
#: The pages by their ids, each with its title.
_PAGES = {
    "queues": "queues",
    "agents": "agents",
    "risk": "overdue next",
    "week": "the last seven days",
}
_SLA_FIGURES = {f"sla_{name}" for name in ClockName}


class WallScreen(BoardReader):
    """Show queues, agents, tickets at risk and the KPIs of the last week, one page at a time."""

    MANUAL = "lead#wall-display"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BACK, WALL)]
    KEYS = (*WALL, *BACK)
    DEFAULT_CSS = """
    WallScreen #title { height: 1; padding: 0 1; color: $accent; text-style: bold; }
    WallScreen #head { height: 1; color: $secondary; }
    WallScreen .page { height: 1fr; display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._page = 0
        self._seconds = 0
        self._kpis: KpiReport | None = None

    def body(self) -> Iterable[Widget]:
        """Lay out all pages; only one is displayed at a time."""
        yield Static("", id="title", markup=False)
        yield Vertical(*(_QueueFigures(level) for level in Level), id="queues", classes="page")
        yield Vertical(LineList(), id="agents", classes="page")
        table = RiskTable(with_queue=True)
        head = Static("", id="head", markup=False)
        yield Vertical(head, Horizontal(table, table.countdowns), id="risk", classes="page")
        yield Vertical(Static("", id="kpis", markup=False), id="week", classes="page")

    @property
    def _shown(self) -> str:
        """The id of the page that is shown."""
        return list(_PAGES)[self._page]

    def on_mount(self) -> None:
        """Show the first page; nothing gets the focus, so that no cursor is shown."""
        self._show_page(0)
        self.load()
        self._load_kpis()

    def desk_changed(self) -> None:
        """Do nothing: the board is read every few seconds anyway."""

    def tick(self, now: datetime) -> None:
        """Turn the page and read the figures again when it is time."""
        super().tick(now)
        self._seconds += 1
        if self._shown == "risk":
            self.query_one(RiskTable).tick(now)
        if self._seconds % _PAGE_S == 0:
            self.action_next_page()
        if self._seconds % _BOARD_S == 0:
            self.load()
        if self._seconds % _KPIS_S == 0:
            self._load_kpis()

    def action_next_page(self) -> None:
        """Show the next page."""
        self._show_page((self._page + 1) % len(_PAGES))

    def _show_page(self, place: int) -> None:
        self._page = place
        for page in self.query(".page"):
            page.display = page.id == self._shown
        self._draw_title()

    @work(exclusive=True, group="week")
    async def _load_kpis(self) -> None:
        # KPIs can take a second on a large desk: the lookup thread does not delay what keys do.
        week = period.last("7d", self.desk_app.now())
        try:
            self._kpis = await self.desk_app.backend.look_up(kpi_report.kpis, week)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        self.draw()

    def _draw_title(self) -> None:
        dots = " ".join("●" if at == self._page else "○" for at in range(len(_PAGES)))
        self.query_one("#title", Static).update(Content(f"{dots}  {_PAGES[self._shown]}"))

    def draw(self) -> None:
        """Draw all pages."""
        width = self.size.width
        board = self.board
        if board is not None and width:
            for figures, line in zip(self.query(_QueueFigures), board.queues, strict=True):
                figures.show(line, board.read_at)
            self.query_one(LineList).show(agent_lines(board, width, board.read_at))
            table = self.query_one(RiskTable)
            self.query_one("#head", Static).update(Content(table.head(width)))
            table.show_page(QueuePage(board.at_risk, 0, len(board.at_risk)), self.desk_app.now())
        if self._kpis is not None:
            self.query_one("#kpis", Static).update(Content("\n".join(_week_lines(self._kpis))))


class _QueueFigures(Horizontal):
    """The tickets of a queue in large digits: open, unassigned, warning, breached."""

    DEFAULT_CSS = """
    _QueueFigures { height: 4; padding: 0 1; }
    _QueueFigures > Static { width: 26; height: 3; }
    _QueueFigures > Vertical { width: 1fr; height: 4; }
    _QueueFigures Digits { width: auto; height: 3; }
    _QueueFigures .late { color: $error; }
    _QueueFigures .warned { color: $warning; }
    """

    def __init__(self, level: Level) -> None:
        super().__init__()
        self._level = level
        self._shown: list[str] = []

    def compose(self) -> ComposeResult:
        """Lay out the name and four figures, each with a word below it."""
        yield Static(Content(self._level), markup=False)
        for name, style in (("open", ""), ("free", ""), ("warned", "warned"), ("late", "late")):
            digits = Digits("", id=name, classes=style)
            sign = {"warned": f"{SYMBOLS[CountdownStatus.WARNING]} due soon", "late": "▲ overdue"}
            yield Vertical(digits, Static(Content(sign.get(name, name)), markup=False))

    def show(self, line: QueueLine, now: datetime) -> None:
        """Draw the figures that have changed."""
        attained = "–" if line.attained is None else f"{line.attained * 100:.0f} %"
        name = one_line(line.name)
        text = "\n".join(
            (
                self._level if name in ("", self._level) else f"{self._level} {name}",
                f"oldest {age_text(line.oldest, now)}, SLA {attained}",
                f"in {sum(line.came)}, out {sum(line.left)} in 8 h",
            )
        )
        self._set_text(0, self.query(Static).first(), text)
        for at, (name, value) in enumerate(_figures(line.count), 1):
            self._set_text(at, self.query_one(f"#{name}", Digits), str(value))

    def _set_text(self, place: int, widget: Static | Digits, text: str) -> None:
        if len(self._shown) <= place:
            self._shown += [""] * (place + 1 - len(self._shown))
        if self._shown[place] == text:
            return
        self._shown[place] = text
        if isinstance(widget, Digits):
            widget.update(text)
        else:
            widget.update(Content(text))


def _figures(count: QueueCount) -> tuple[tuple[str, int], ...]:
    return (
        ("open", count.open),
        ("free", count.unassigned),
        ("warned", count.warning),
        ("late", count.breached),
    )


def _week_lines(report: KpiReport) -> Iterable[str]:
    for figure in report.total.figures:
        if figure.kpi.name in KEY_FIGURES or figure.kpi.name in _SLA_FIGURES:
            yield f"  {figure.kpi.title:32}{value_text(figure):>12}"
