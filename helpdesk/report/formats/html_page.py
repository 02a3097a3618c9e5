"""A report as one HTML page that contains its style and SVG charts, and no script.

The page is built as a tree of elements, which are escaped when it is written.
"""

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from helpdesk.domain.desk_zone import span_text
from helpdesk.domain.text import one_line
from helpdesk.report.formats.values import (
    KEY_FIGURES,
    MOMENTS,
    key_values,
    left_out_text,
    moments,
    number_text,
    value_text,
)
from helpdesk.report.kpi import Kpi
from helpdesk.report.report import KpiReport

_STYLE = """
:root { color-scheme: light dark; --accent: #2f5f8f; --line: #8886; }
@media (prefers-color-scheme: dark) { :root { --accent: #7aa2c8; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
/* A fixed layout keeps a table as wide as the page: long names are broken, none sticks out. */
table { border-collapse: collapse; margin: 1rem 0; width: 100%; table-layout: fixed; }
td, th { text-align: right; padding: .15rem .3rem; border-bottom: 1px solid var(--line);
  vertical-align: baseline; overflow-wrap: anywhere; }
td:first-child, th:first-child { text-align: left; width: 16%; }
table.figures td:first-child, table.figures th:first-child { width: 46%; }
table.groups { font-size: .8rem; line-height: 1.35; }
.charts { display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fill, minmax(min(26rem, 100%), 1fr)); }
figure { margin: 0; } figcaption { font-weight: 600; }
svg { width: 100%; height: auto; font-size: 12px; }
svg text { fill: currentColor; } rect, polyline { color: var(--accent); }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 10pt; }
  table.groups { font-size: 7pt; }
  thead { display: table-header-group; } tr, figure { break-inside: avoid; }
}
"""
_WIDTH, _ROW, _LABEL, _VALUE = 420, 20, 130, 70
_MAX_BARS = 15
_CHART_HEIGHT, _MARGIN = 140, 16
_MIN_POINTS = 2


def to_html(report: KpiReport) -> str:
    """Return the report as an HTML page."""
    period = report.period
    html = Element("html", lang="en")
    head = SubElement(html, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", name="viewport", content="width=device-width")
    _text(head, "title", f"KPIs, {one_line(period.label)}")
    _text(head, "style", _STYLE)
    body = SubElement(html, "body")
    _text(body, "h1", f"KPIs, {one_line(period.label)}")
    _text(body, "p", span_text(period.start, period.end))
    _table(
        body,
        "figures",
        ("KPI", "Value", "Tickets", "Left out"),
        (
            (each.kpi.title, value_text(each), f"{each.of:,}", left_out_text(each))
            for each in report.total.figures
        ),
    )
    _text(body, "p", f"{MOMENTS}:")
    every_moment = SubElement(body, "ul")
    for whose, titles in moments(report.total):
        _text(every_moment, "li", f"{whose}: {titles}")
    _text(body, "h2", "Tickets logged")
    charts = SubElement(body, "div", {"class": "charts"})
    for volume in report.volumes:
        bars = [(name, float(count), f"{count:,}") for name, count in volume.counts]
        _bars(charts, f"by {volume.by}", bars)
    if report.by is not None:
        _groups(body, report)
    return f"<!DOCTYPE html>\n{tostring(html, encoding='unicode', method='html')}"


def _groups(body: Element, report: KpiReport) -> None:
    by = str(report.by)
    _text(body, "h2", f"By {by}")
    rows = ((one_line(group.name), *key_values(group)) for group in report.groups)
    _table(body, "groups", (by.title(), *KEY_FIGURES.values()), rows)
    charts = SubElement(body, "div", {"class": "charts"})
    is_time = report.by is not None and report.by.is_time
    for place, figure in enumerate(report.total.figures):
        kpi = figure.kpi
        values = [(group.name, group.figures[place].value) for group in report.groups]
        known = [(name, value) for name, value in values if value is not None]
        if is_time and len(known) >= _MIN_POINTS:
            _line(charts, kpi, known)
        elif known and not is_time:
            bars = [(name, value, number_text(kpi.unit, value)) for name, value in known]
            _bars(charts, kpi.title, bars)


def _bars(parent: Element, caption: str, bars: Sequence[tuple[str, float, str]]) -> None:
    bars = sorted(bars, key=lambda bar: -bar[1])[:_MAX_BARS]
    svg = _figure(parent, caption, max(1, len(bars)) * _ROW)
    largest = max((value for _, value, _ in bars), default=0) or 1
    width = _WIDTH - _LABEL - _VALUE
    for line, (name, value, shown) in enumerate(bars):
        middle = line * _ROW + 14
        _put(svg, "text", _LABEL - 6, middle, _cut(one_line(name)), anchor="end")
        length = max(1.0, value / largest * width)
        SubElement(
            svg, "rect", x=str(_LABEL), y=str(line * _ROW + 3), width=f"{length:.1f}",
            height=str(_ROW - 6), fill="currentColor",
        )  # fmt: skip
        _put(svg, "text", _LABEL + length + 6, middle, shown)


def _line(parent: Element, kpi: Kpi, points: Sequence[tuple[str, float]]) -> None:
    svg = _figure(parent, kpi.title, _CHART_HEIGHT + 2 * _MARGIN)
    largest = max(value for _, value in points) or 1
    step = (_WIDTH - _VALUE) / (len(points) - 1)
    coordinates = [
        (number * step, _MARGIN + _CHART_HEIGHT * (1 - value / largest))
        for number, (_, value) in enumerate(points)
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in coordinates)
    look = {"fill": "none", "stroke": "currentColor", "stroke-width": "2"}
    SubElement(svg, "polyline", {"points": path, **look})
    base = _CHART_HEIGHT + 2 * _MARGIN - 2
    _put(svg, "text", 0, base, _cut(points[0][0]))
    _put(svg, "text", _WIDTH - _VALUE, base, _cut(points[-1][0]), anchor="end")
    _put(svg, "text", 0, 11, number_text(kpi.unit, largest))
    last = number_text(kpi.unit, points[-1][1])
    _put(svg, "text", _WIDTH - _VALUE + 6, coordinates[-1][1] + 4, last)


def _figure(parent: Element, caption: str, height: int) -> Element:
    figure = SubElement(parent, "figure")
    _text(figure, "figcaption", caption)
    return SubElement(
        figure, "svg", {"viewBox": f"0 0 {_WIDTH} {height}", "role": "img", "aria-label": caption}
    )


def _put(svg: Element, tag: str, x: float, y: float, text: str, anchor: str = "start") -> None:
    element = SubElement(svg, tag, {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor})
    element.text = text


def _cut(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:19]}…"


def _table(parent: Element, kind: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = SubElement(parent, "table", {"class": kind})
    _row(SubElement(table, "thead"), "th", heads)
    body = SubElement(table, "tbody")
    for cells in rows:
        _row(body, "td", cells)


def _row(parent: Element, tag: str, cells: Sequence[str]) -> None:
    line = SubElement(parent, "tr")
    for cell in cells:
        _text(line, tag, cell)


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text
