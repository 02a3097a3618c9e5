"""The report screen: the KPIs of a period, with a chart of the KPI under the cursor."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from textual import on, work
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from helpdesk.desk.queue.views import QueuePage
from helpdesk.desk.report import kpi_report
from helpdesk.desk.report.kpi_report import BehindFigure
from helpdesk.domain.desk_zone import to_local, zone_hint
from helpdesk.domain.errors import DeskError
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.report import period
from helpdesk.report.by import GroupBy
from helpdesk.report.formats.values import left_out_text, value_text
from helpdesk.report.kpi import Figure
from helpdesk.report.report import KpiReport, ReportGroup
from helpdesk.tui.base.desk_screen import DeskScreen
from helpdesk.tui.board.line_list import LineList
from helpdesk.tui.board.lines import ListLine
from helpdesk.tui.queue.ticket_list import TicketListScreen
from helpdesk.tui.report.chart import KpiChart
from helpdesk.tui.report.period_line import PeriodLine
from helpdesk.tui.widgets.keymap import BACK, GLOBAL, LIST, REPORT, bindings

if TYPE_CHECKING:
    from helpdesk.desk.session import Desk
    from helpdesk.report.period import ReportPeriod

#: The periods that the arrows choose; others are typed.
_PERIODS = ("7d", "4w", "3m", "12m", "36m", "84m")
_LIST_WIDTH = 50
_NAME_WIDTH = 29
_GLOBAL = tuple(key for key in GLOBAL if key.name != "reports")


class ReportScreen(DeskScreen):
    """Figures on the left, chart on the right.

    Enter on a figure shows its groups if the figures are split, else its tickets.
    """

    MANUAL = "lead#figures"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(REPORT, BACK, _GLOBAL)]
    KEYS = (LIST[0], *REPORT, *BACK, *_GLOBAL)
    DEFAULT_CSS = f"""
    ReportScreen LineList {{ width: {_LIST_WIDTH}; height: 1fr; }}
    ReportScreen #figures {{ height: 1fr; }}
    ReportScreen #beside {{ height: 1; color: $secondary; }}
    ReportScreen KpiChart {{ padding-left: 1; }}
    """

    def __init__(self) -> None:
        super().__init__()
        self._period_index = 1
        #: The period that was typed; "" for one of those that the arrows choose.
        self._typed = ""
        #: The properties by which figures can be split; None shows the trend instead.
        self._splits: tuple[GroupBy | None, ...] = (None,)
        self._split_index = 0
        self._report: KpiReport | None = None
        #: The KPI whose groups are listed; None while the KPIs themselves are listed.
        self._open_kpi: str | None = None

    def body(self) -> Iterable[Widget]:
        """Lay out the title, the figures and the chart."""
        yield Static("", id="title", markup=False)
        yield Horizontal(LineList(), KpiChart(), id="figures")
        yield Static("", id="beside", markup=False)

    @property
    def _list(self) -> LineList:
        return self.query_one(LineList)

    @property
    def _by(self) -> GroupBy | None:
        return self._splits[self._split_index]

    @property
    def _span(self) -> "ReportPeriod":
        text = self._typed or _PERIODS[self._period_index]
        return period.chosen(text, self.desk_app.now())

    def on_mount(self) -> None:
        """Focus the list and read the figures."""
        self.set_focus(self._list)
        self._load()

    def on_resize(self) -> None:
        """Redraw for the new size; a screen that is too narrow shows no chart."""
        self._draw()

    def desk_changed(self) -> None:
        """Do nothing: the figures are read again on ``R``, not on every change."""

    def action_reload(self) -> None:
        """Read the figures again."""
        self._load()

    def action_span(self, step: int) -> None:
        """Choose the next longer (1) or shorter (-1) period."""
        if not self._typed:
            self._period_index = max(0, min(self._period_index + step, len(_PERIODS) - 1))
        self._typed = ""
        self._load()

    async def action_period(self) -> None:
        """Ask for any period and show it."""

        def show(typed: str | None) -> None:
            if typed is not None:
                self._typed = typed
                self._load()

        await self.desk_app.push_screen(PeriodLine(self.desk_app.now()), show)

    def action_split(self) -> None:
        """Split the figures by the next property; after the last one, show the trend again."""
        self._split_index = (self._split_index + 1) % len(self._splits)
        self._open_kpi = None
        self._load()

    @work(exclusive=True, group="report")
    async def _load(self) -> None:
        app = self.desk_app
        try:
            chosen = self._span
            self._draw_title(chosen, "reading …")
            part = GroupBy(chosen.fitting_part.value)
            if len(self._splits) == 1:
                self._splits = (None, *await app.backend.look_up(kpi_report.splits))
            # A year of a large desk takes a while: the lookup thread does not delay what keys do.
            self._report = await app.backend.look_up(kpi_report.kpis, chosen, self._by or part)
        except DeskError as error:
            app.say_error(error, of_loading=True)
            return
        app.loaded()
        self._draw()

    def _draw_title(self, span: "ReportPeriod", right: str) -> None:
        split = f"by {self._by}" if self._by else f"by {span.fitting_part}, as it went"
        where = f" · {self._title_of(self._open_kpi)}" if self._open_kpi else ""
        name = f"KPIs · {span.label} · {split}{where}"
        width = max(0, self.size.width - 2 - len(name))
        self.query_one("#title", Static).update(Content(f"{name}{right:>{width}}"))

    def _title_of(self, name: str) -> str:
        return kpi_report.kpi_named(name).title

    def _draw(self, target: str | None = None) -> None:
        """Draw the figures.

        :param target: where the cursor goes; None leaves it where it is.
        """
        report = self._report
        if report is None or not self.size.width:
            return
        self._draw_title(report.period, _span_words(report))
        self._list.show(self._lines(report), target)
        self._draw_chart()

    def _lines(self, report: KpiReport) -> list[ListLine]:
        if self._open_kpi is not None:
            figures = [(group.name, _figure(group, self._open_kpi)) for group in report.groups]
            head = ListLine(f"{report.by or '':30}{'':>9}{'tickets':>8}", is_head=True)
            rows = [ListLine(_row(one_line(name), figure), target=name) for name, figure in figures]
            return [head, *rows]
        head = ListLine(f"{'KPI':30}{'':>9}{'tickets':>8}", is_head=True)
        return [
            head,
            *(
                ListLine(_row(figure.kpi.title, figure), target=figure.kpi.name)
                for figure in report.total.figures
            ),
        ]

    @property
    def _chosen(self) -> str | None:
        """The name of the KPI whose groups are listed, or else of the one under the cursor."""
        return self._open_kpi or self._list.target

    @on(LineList.Moved)
    def _draw_chart(self) -> None:
        self._draw_beside()
        report, chart = self._report, self.query_one(KpiChart)
        chart.display = self.size.width >= _LIST_WIDTH + 28
        name = self._chosen
        if report is None or name is None or not chart.display:
            return
        values = [(group.name, _figure(group, name).value) for group in report.groups]
        kpi = kpi_report.kpi_named(name)
        if self._by is None:
            chart.draw_trend(kpi, [(_short(label), value) for label, value in values])
        else:
            chart.draw_comparison(kpi, values)

    def _draw_beside(self) -> None:
        """Say what the figure under the cursor leaves out, and whose it is."""
        report, name = self._report, self._chosen
        if report is None or name is None:
            return
        group = report.total
        if self._open_kpi is not None:
            found = (each for each in report.groups if each.name == self._list.target)
            group = next(found, group)
        figure = _figure(group, name)
        left_out = left_out_text(figure)
        words = _("whose: {moment}").format(moment=_(figure.kpi.cohort.whose))
        if left_out:
            words = _("left out: {what}  ·  {words}").format(what=left_out, words=words)
        self.query_one("#beside", Static).update(Content(words))

    @on(LineList.Chosen)
    async def _on_chosen(self, event: LineList.Chosen) -> None:
        if self._by is not None and self._open_kpi is None:
            self._open_kpi = str(event.target)
            self._draw()
            return
        name = self._chosen
        if name is not None and self._report is not None:
            group = str(event.target) if self._open_kpi else None
            await self.desk_app.push_screen(_tickets(name, self._report.period, self._by, group))

    async def action_back(self) -> None:
        """Go back from the groups to the KPIs, and from there to the previous screen."""
        if self._open_kpi is None:
            await super().action_back()
            return
        came_from, self._open_kpi = self._open_kpi, None
        self._draw(came_from)


def _span_words(report: KpiReport) -> str:
    start = f"{to_local(report.period.start):%b %d %Y}"
    if report.period.end > report.made_at:
        return f"{start} to now{zone_hint(report.made_at)}"
    last_day = to_local(report.period.end - timedelta(seconds=1))
    return f"{start} to {last_day:%b %d %Y}{zone_hint(report.made_at)}"


def _figure(group: ReportGroup, name: str) -> Figure:
    return next(figure for figure in group.figures if figure.kpi.name == name)


def _row(name: str, figure: Figure) -> str:
    return f"{_fitted(name, _NAME_WIDTH)} {value_text(figure):>9}{figure.of:>8,}"


def _fitted(name: str, width: int) -> str:
    """Cut a name to a width in cells, but keep a short part after its last comma.

    Two KPIs may differ only in that part.
    """
    start, comma, end = name.rpartition(",")
    if cell_len(name) > width and comma and cell_len(end) < width // 2:
        room = width - cell_len(comma + end) - 1
        return f"{set_cell_size(start, room)}…{comma}{end}"
    return set_cell_size(name, width)


def _short(label: str) -> str:
    """Return a day as ``10-26``; a month stays ``2026-10``."""
    return label[5:] if len(label) == len("2026-10-26") else label


def _tickets(
    name: str, span: "ReportPeriod", by: GroupBy | None, group: str | None
) -> TicketListScreen:
    """Return the screen that lists the tickets behind a figure.

    :param group: only the tickets of this group; None for those of all groups.
    """
    behind: BehindFigure | None = None

    def read(desk: "Desk", offset: int, limit: int) -> QueuePage:
        from helpdesk.desk.queue import lists

        nonlocal behind
        if behind is None:
            behind = kpi_report.behind(desk, name, span, by if group else None, group)
        page = lists.page_of_numbers(desk, behind.numbers, offset, limit)
        late = behind.late
        rows = (
            replace(row, subject=_("▲ late · {subject}").format(subject=row.subject))
            if row.number in late
            else row
            for row in page.rows
        )
        return replace(page, rows=tuple(rows))

    suffix = f" · {group}" if group else ""
    return TicketListScreen(f"{kpi_report.kpi_named(name).title}, {span.label}{suffix}", read)
