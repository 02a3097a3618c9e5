"""A report as aligned plain text for a terminal or a mail."""

from collections.abc import Iterable, Sequence
from textwrap import wrap

from rich.cells import cell_len

from helpdesk.domain.desk_zone import span_text
from helpdesk.domain.text import one_line
from helpdesk.report.formats.values import (
    KEY_FIGURES,
    MOMENTS,
    key_values,
    left_out_text,
    moments,
    value_text,
)
from helpdesk.report.report import KpiReport

_SHOWN, _BAR = 12, 30
_WIDTH = 78


def to_text(report: KpiReport) -> str:
    """Return the report as plain text."""
    period = report.period
    lines = [
        f"KPIs, {one_line(period.label)}: {span_text(period.start, period.end)}",
        "",
        *_table(
            ("KPI", "", "tickets", "left out"),
            (
                (figure.kpi.title, value_text(figure), f"{figure.of:,}", left_out_text(figure))
                for figure in report.total.figures
            ),
        ),
        "",
        f"{MOMENTS}:",
        *_wrapped(f"{whose}: {titles}" for whose, titles in moments(report.total)),
    ]
    for volume in report.volumes:
        largest = max((count for _, count in volume.counts), default=0)
        rows = [
            (one_line(name), f"{count:,}", "█" * max(1, round(count / largest * _BAR)))
            for name, count in volume.counts[:_SHOWN]
        ]
        rest = sum(count for _, count in volume.counts[_SHOWN:])
        if rest:
            rows.append(("others", f"{rest:,}", ""))
        lines += ["", *_table((f"Logged by {volume.by}", "", ""), rows)]
    if report.by is not None:
        heads = (f"By {report.by}", *KEY_FIGURES.values())
        rows_of = ((one_line(group.name), *key_values(group)) for group in report.groups)
        lines += ["", *_table(heads, rows_of)]
    return "\n".join(lines)


def _wrapped(sentences: Iterable[str]) -> Iterable[str]:
    for sentence in sentences:
        yield from wrap(sentence, _WIDTH, initial_indent="  ", subsequent_indent="    ")


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [list(heads), *(list(row) for row in rows)]
    widths = [max(cell_len(line[place]) for line in lines) for place in range(len(heads))]
    return ["  ".join(_cells(line, widths)).rstrip() for line in lines]


def _cells(line: Sequence[str], widths: Sequence[int]) -> Iterable[str]:
    for place, (cell, width) in enumerate(zip(line, widths, strict=True)):
        padding = " " * (width - cell_len(cell))
        # Names and bars are left-aligned, figures right-aligned.
        yield cell + padding if place == 0 or "█" in cell else padding + cell
