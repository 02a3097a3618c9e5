"""A report as Markdown (GitHub Flavored Markdown, with tables)."""

import re
from collections.abc import Iterable, Sequence

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

#: The characters to escape: they could begin markup, a link or HTML, or end a cell.
_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+!|~&@:-])")


def to_markdown(report: KpiReport) -> str:
    """Return the report as Markdown."""
    period = report.period
    blocks = [
        f"# KPIs, {_escaped(period.label)}",
        _escaped(span_text(period.start, period.end)),
        _table(
            ("KPI", "Value", "Tickets", "Left out"),
            (
                (each.kpi.title, value_text(each), f"{each.of:,}", left_out_text(each))
                for each in report.total.figures
            ),
        ),
        f"{MOMENTS}:",
        "\n".join(f"- {whose}: {titles}" for whose, titles in moments(report.total)),
    ]
    for volume in report.volumes:
        rows = ((_escaped(name), f"{count:,}") for name, count in volume.counts)
        blocks += [f"## Logged by {volume.by}", _table((volume.by.title(), "Tickets"), rows)]
    if report.by is not None:
        rows_of = ((_escaped(group.name), *key_values(group)) for group in report.groups)
        heads = (report.by.title(), *KEY_FIGURES.values())
        blocks += [f"## By {report.by}", _table(heads, rows_of)]
    return "\n\n".join(blocks)


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", one_line(text))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
