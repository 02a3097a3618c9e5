"""A report as Markdown tables (GitHub's flavour)."""

import re
from collections.abc import Iterable, Sequence

from helpdesk.domain.text import one_line
from helpdesk.report.formats.values import KEY_FIGURES, key_values, value_text
from helpdesk.report.report import Report

#: What could become markup, a link, HTML or the end of a cell.
_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+!|~&@:-])")


def to_markdown(report: Report) -> str:
    """Return the document."""
    period = report.period
    span = " to ".join(f"{at.astimezone():%Y-%m-%d %H:%M}" for at in (period.start, period.end))
    blocks = [
        f"# KPIs, {_plain(period.label)}",
        span,
        _table(
            ("KPI", "Value", "Tickets"),
            ((one.kpi.title, value_text(one), f"{one.of:,}") for one in report.total.figures),
        ),
    ]
    for volume in report.volumes:
        rows = ((_plain(name), f"{count:,}") for name, count in volume.counts)
        blocks += [f"## Logged by {volume.by}", _table((volume.by.title(), "Tickets"), rows)]
    if report.by is not None:
        rows_of = ((_plain(group.name), *key_values(group)) for group in report.groups)
        heads = (report.by.title(), *KEY_FIGURES.values())
        blocks += [f"## By {report.by}", _table(heads, rows_of)]
    return "\n\n".join(blocks)


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", one_line(text))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
