"""A report as one JSON document: values as numbers (shares 0 to 1, times in seconds) or null."""

import json
from typing import Any

from helpdesk.domain import desk_zone
from helpdesk.domain.support_hours.instant import instant_text
from helpdesk.report.kpi import Figure
from helpdesk.report.report import KpiReport, ReportGroup


def to_json(report: KpiReport) -> str:
    """Return the report as JSON text."""
    return json.dumps(document(report), indent=2, ensure_ascii=True)


def document(report: KpiReport) -> dict[str, Any]:
    """Return the report as values for :mod:`json`."""
    return {
        "period": {
            "label": report.period.label,
            "start": instant_text(report.period.start),
            "end": instant_text(report.period.end),
            "timezone": desk_zone.name(),
        },
        "made_at": instant_text(report.made_at),
        "kpis": [
            {
                "name": figure.kpi.name,
                "title": figure.kpi.title,
                "unit": figure.kpi.unit,
                "value": figure.value,
                "of": figure.of,
                "left_out": _left_out(figure),
                "whose": figure.kpi.cohort.whose,
            }
            for figure in report.total.figures
        ],
        "by": report.by,
        "groups": [{"name": group.name, "kpis": _values(group)} for group in report.groups],
        "logged_by": {
            volume.by: [{"name": name, "tickets": count} for name, count in volume.counts]
            for volume in report.volumes
        },
    }


def _values(group: ReportGroup) -> dict[str, Any]:
    return {
        figure.kpi.name: {
            "value": figure.value,
            "of": figure.of,
            "left_out": _left_out(figure),
        }
        for figure in group.figures
    }


def _left_out(figure: Figure) -> dict[str, int]:
    return {why.name.lower(): count for why, count in sorted(figure.left_out.items())}
