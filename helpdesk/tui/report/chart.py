"""A chart of one KPI: how it went, or how groups compare; nothing else draws with plotext."""

from collections.abc import Sequence

from rich.cells import set_cell_size
from textual_plotext import PlotextPlot

from helpdesk.domain.text import one_line
from helpdesk.report.formats.values import number_text
from helpdesk.report.kpi import Kpi, Unit

_HOUR = 3600
_LABEL, _SHORT_LABEL = 18, 6
#: A chart that is narrower has short labels: the figures stand beside it.
_ROOMY = 46
#: So many places are named on the axis at most; what stands left of it, and between two names.
_TICKS, _AXIS, _APART = 6, 8, 3


class KpiChart(PlotextPlot):
    """Draws what it is given; a value of None is a gap."""

    DEFAULT_CSS = "KpiChart { width: 1fr; height: 1fr; }"

    def course(self, kpi: Kpi, points: Sequence[tuple[str, float | None]]) -> None:
        """Draw how a KPI went over the parts of a period."""
        plot = self.plt
        plot.clear_figure()
        plot.title(_title(kpi))
        known = [(at, value) for at, (_, value) in enumerate(points) if value is not None]
        if known:
            places = [at for at, _ in known]
            values = [_scaled(kpi.unit, value) for _, value in known]
            plot.plot(places, values, marker="braille")
            plot.scatter(places, values, marker="dot")
            plot.ylim(0, max(values) * 1.05 or 1)
            step = -(-len(points) // self._ticks_that_fit(points))
            ticks = range(0, len(points), step)
            plot.xticks(list(ticks), [points[at][0] for at in ticks])
        self.refresh()

    def _ticks_that_fit(self, points: Sequence[tuple[str, float | None]]) -> int:
        # Of labels that overlap plotext leaves some out, each time others.
        longest = max(len(label) for label, _ in points)
        return max(1, min(_TICKS, (self.size.width - _AXIS) // (longest + _APART)))

    def compare(self, kpi: Kpi, bars: Sequence[tuple[str, float | None]]) -> None:
        """Draw what a KPI is for each group, the largest on top, as many as there is room for."""
        plot = self.plt
        plot.clear_figure()
        plot.title(_title(kpi))
        room = max(1, (self.size.height - 5) // 2)
        known = [(name, value) for name, value in bars if value is not None]
        known = sorted(known, key=lambda bar: -bar[1])[:room]
        if known:
            width = _LABEL if self.size.width >= _ROOMY else _SHORT_LABEL
            labels = [
                f"{set_cell_size(one_line(name), width)} {number_text(kpi.unit, value):>8}"
                for name, value in known
            ]
            values = [_scaled(kpi.unit, value) for _, value in known]
            plot.bar(labels[::-1], values[::-1], orientation="horizontal", width=0.4)
        self.refresh()


def _title(kpi: Kpi) -> str:
    units = {Unit.SHARE: "%", Unit.SECONDS: "hours", Unit.TICKETS: "tickets", Unit.NUMBER: ""}
    unit = units[kpi.unit]
    return f"{kpi.title} ({unit})" if unit else kpi.title


def _scaled(unit: Unit, value: float) -> float:
    match unit:
        case Unit.SHARE:
            return value * 100
        case Unit.SECONDS:
            return value / _HOUR
    return value
