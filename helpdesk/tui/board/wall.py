"""The board as a wall display: large figures, and pages that follow each other without a key."""

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
from helpdesk.report.report import Report
from helpdesk.tui.board.board_reader import BoardReader
from helpdesk.tui.board.line_list import LineList
from helpdesk.tui.board.lines import age_text, agent_lines
from helpdesk.tui.board.risk_table import RiskTable
from helpdesk.tui.text.countdown import SYMBOLS, Mood
from helpdesk.tui.widgets.keymap import BACK, Key, bindings

#: How long a page stands, how often the board is read, and how often the week's KPIs are.
_PAGE_S, _READ_S, _WEEK_S = 10, 5, 300
_NEXT = (Key("next_page", "space,right,w", "next_page", "next page", "next page"),)
_KEPT = {f"sla_{name}" for name in ClockName}


class WallScreen(BoardReader):
    """Queues, agents, tickets at risk, the week's KPIs: one page after the other."""

    MANUAL = "lead#wall-display"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BACK, _NEXT)]
    KEYS = (*_NEXT, *BACK)
    DEFAULT_CSS = """
    WallScreen #title { height: 1; padding: 0 1; color: $accent; text-style: bold; }
    WallScreen #head { height: 1; color: $secondary; }
    WallScreen .page { height: 1fr; display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._page = 0
        self._seconds = 0
        self._week: Report | None = None

    def body(self) -> Iterable[Widget]:
        """All pages; one is shown at a time."""
        yield Static("", id="title", markup=False)
        yield Vertical(*(_QueueFigures(level) for level in Level), id="queues", classes="page")
        yield Vertical(LineList(), id="agents", classes="page")
        table = RiskTable(with_queue=True)
        head = Static("", id="head", markup=False)
        yield Vertical(head, Horizontal(table, table.countdowns), id="risk", classes="page")
        yield Vertical(Static("", id="kpis", markup=False), id="week", classes="page")

    @property
    def _pages(self) -> list[Widget]:
        return list(self.query(".page"))

    def on_mount(self) -> None:
        """Show the first page; nothing has the focus, so no cursor is shown."""
        self._show_page(0)
        self.load()
        self._load_week()

    def desk_changed(self) -> None:
        """The board is read every few seconds anyway."""

    def tick(self, now: datetime) -> None:
        """Turn the page when its time is over."""
        super().tick(now)
        self._seconds += 1
        if self._pages[self._page].id == "risk":
            self.query_one(RiskTable).tick(now)
        if self._seconds % _PAGE_S == 0:
            self.action_next_page()
        if self._seconds % _READ_S == 0:
            self.load()
        if self._seconds % _WEEK_S == 0:
            self._load_week()

    def action_next_page(self) -> None:
        """Show the next page."""
        self._show_page((self._page + 1) % len(self._pages))

    def _show_page(self, place: int) -> None:
        self._page = place
        for at, page in enumerate(self._pages):
            page.display = at == place
        self._draw_title()

    @work(exclusive=True, group="week")
    async def _load_week(self) -> None:
        # It may take a second on a large desk: beside the thread on which the others' keys wait.
        week = period.last("7d", self.desk_app.now())
        try:
            self._week = await self.desk_app.backend.look_up(kpi_report.kpis, week)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        self.draw()

    def _draw_title(self) -> None:
        names = ("queues", "agents", "overdue next", "the last seven days")
        dots = " ".join("●" if at == self._page else "○" for at in range(len(self._pages)))
        self.query_one("#title", Static).update(Content(f"{dots}  {names[self._page]}"))

    def draw(self) -> None:
        """Draw all pages."""
        width = self.size.width
        found = self.board
        if found is not None and width:
            for figures, line in zip(self.query(_QueueFigures), found.queues, strict=True):
                figures.show(line, found.read_at)
            self.query_one(LineList).show(agent_lines(found, width, found.read_at))
            table = self.query_one(RiskTable)
            self.query_one("#head", Static).update(Content(table.head(width)))
            table.show_page(QueuePage(found.at_risk, 0, len(found.at_risk)), self.desk_app.now())
        if self._week is not None:
            self.query_one("#kpis", Static).update(Content("\n".join(_week_lines(self._week))))


class _QueueFigures(Horizontal):
    """A queue in large figures: open, unassigned, warning, breached."""

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
        """The name, and four figures with a word below each."""
        yield Static(Content(self._level), markup=False)
        for name, style in (("open", ""), ("free", ""), ("warned", "warned"), ("late", "late")):
            digits = Digits("", id=name, classes=style)
            sign = {"warned": f"{SYMBOLS[Mood.WARNING]} due soon", "late": "▲ overdue"}
            yield Vertical(digits, Static(Content(sign.get(name, name)), markup=False))

    def show(self, line: QueueLine, now: datetime) -> None:
        """Draw the figures that are others than before."""
        attained = "–" if line.attained is None else f"{line.attained * 100:.0f} %"
        name = one_line(line.name)
        text = "\n".join(
            (
                self._level if name in ("", self._level) else f"{self._level} {name}",
                f"oldest {age_text(line.oldest, now)}, SLA {attained}",
                f"in {sum(line.came)}, out {sum(line.left)} in 8 h",
            )
        )
        self._put(0, self.query(Static).first(), text)
        for at, (name, value) in enumerate(_figures(line.count), 1):
            self._put(at, self.query_one(f"#{name}", Digits), str(value))

    def _put(self, place: int, widget: Static | Digits, text: str) -> None:
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


def _week_lines(report: Report) -> Iterable[str]:
    for figure in report.total.figures:
        if figure.kpi.name in KEY_FIGURES or figure.kpi.name in _KEPT:
            yield f"  {figure.kpi.title:32}{value_text(figure):>12}"
