"""A report as CSV (RFC 4180): one line per figure, safe to open in a spreadsheet."""

import csv
import io

from helpdesk.domain import desk_zone
from helpdesk.domain.csv_safety import escape_cell
from helpdesk.domain.text import one_line
from helpdesk.report.formats.values import left_out_text
from helpdesk.report.report import KpiReport

HEADS = (
    "period",
    "by",
    "group",
    "kpi",
    "title",
    "unit",
    "value",
    "of",
    "timezone",
    "left_out",
    "whose",
)


def to_csv(report: KpiReport) -> str:
    """Return the report as CSV, with CR LF between the lines."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADS)
    period = escape_cell(report.period.label)
    for by, group in (("", report.total), *((report.by or "", each) for each in report.groups)):
        for figure in group.figures:
            kpi = figure.kpi
            value = "" if figure.value is None else f"{figure.value:.6g}"
            if figure.value is not None and figure.value == int(figure.value):
                value = str(int(figure.value))
            writer.writerow(
                (
                    *(period, by, escape_cell(one_line(group.name))),
                    *(kpi.name, kpi.title, kpi.unit.value, value, figure.of, desk_zone.name()),
                    *(left_out_text(figure), kpi.cohort.whose),
                )
            )
    return out.getvalue().removesuffix("\r\n")
