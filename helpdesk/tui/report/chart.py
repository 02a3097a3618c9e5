"""A chart of one KPI: its trend, or a comparison of groups; the only use of plotext."""

import math
from collections.abc import Sequence
from itertools import cycle

from rich.cells import set_cell_size
from textual_plotext import PlotextPlot

from helpdesk.domain.text import one_line
from helpdesk.report.formats.values import number_text
from helpdesk.report.kpi import Kpi, Unit

_HOUR_S = 3600
#: Widths in cells of the labels of bars.
_LABEL, _SHORT_LABEL = 18, 6
#: Narrower charts (in cells) get short labels: the full names are in the list beside the chart.
_ROOMY = 46
#: The largest number of labels on the axis; the cells left of the axis and between two labels.
_TICKS, _AXIS, _GAP = 6, 8, 3
#: How many rows of the terminal a label of the upright axis has for itself.
_ROWS_PER_TICK = 3
#: The same for the columns of a chart of bars, most of which belong to the names.
_COLUMNS_PER_TICK = 12


class KpiChart(PlotextPlot):
    """A chart of values; a value of None is left out."""

    DEFAULT_CSS = "KpiChart { width: 1fr; height: 1fr; }"

    def draw_trend(self, kpi: Kpi, points: Sequence[tuple[str, float | None]]) -> None:
        """Draw a KPI over the parts of a period.

        :param points: label and value of each part, the earliest first.
        """
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
            if kpi.unit is Unit.TICKETS:
                counts = _whole_numbers(max(values), max(1, self.size.height // _ROWS_PER_TICK))
                plot.ylim(0, counts[-1])
                plot.yticks(list(map(float, counts)), list(map(str, counts)))
            step = -(-len(points) // self._ticks_that_fit(points))
            ticks = range(0, len(points), step)
            plot.xticks(list(ticks), [points[at][0] for at in ticks])
        self.refresh()

    def _ticks_that_fit(self, points: Sequence[tuple[str, float | None]]) -> int:
        # Plotext drops some of the labels that overlap, not always the same ones.
        longest = max(len(label) for label, _ in points)
        return max(1, min(_TICKS, (self.size.width - _AXIS) // (longest + _GAP)))

    def draw_comparison(self, kpi: Kpi, bars: Sequence[tuple[str, float | None]]) -> None:
        """Draw a KPI as a bar for each group, the largest on top, as many as there is room for.

        :param bars: name and value of each group.
        """
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
            if kpi.unit is Unit.TICKETS:
                counts = _whole_numbers(
                    max(values), min(_TICKS, max(1, self.size.width // _COLUMNS_PER_TICK))
                )
                plot.xlim(0, counts[-1])
                plot.xticks(list(map(float, counts)), list(map(str, counts)))
        self.refresh()


def _whole_numbers(highest: float, most: int) -> list[int]:
    """Return whole numbers at equal distances from 0 to the highest value or just above it.

    :param most: how many steps there are at most.
    """
    step, factors = 1, cycle((2, 2.5, 2))
    while step * most < highest:
        step = int(step * next(factors))
    return list(range(0, max(1, math.ceil(highest / step)) * step + 1, step))


def _title(kpi: Kpi) -> str:
    units = {Unit.SHARE: "%", Unit.SECONDS: "hours", Unit.TICKETS: "tickets", Unit.NUMBER: ""}
    unit = units[kpi.unit]
    return f"{kpi.title} ({unit})" if unit else kpi.title


def _scaled(unit: Unit, value: float) -> float:
    match unit:
        case Unit.SHARE:
            return value * 100
        case Unit.SECONDS:
            return value / _HOUR_S
    return value
