"""Figures as text, and the key figures in a table of groups."""

from helpdesk.domain.i18n import _
from helpdesk.domain.span import HOURS_TO_SECONDS, span_text
from helpdesk.report.kpi import Figure, Unit
from helpdesk.report.report import ReportGroup

#: What stands above the moments.
MOMENTS = _("Whose it is (level, agent, customer and so on)")

#: The columns of a table of groups: what a lead looks at first.
KEY_FIGURES = {
    "logged": "Logged",
    "resolved": "Resolved",
    "first_response_median": "Response",
    "resolution_median": "Resolution",
    "sla_first_response": "SLA resp.",
    "sla_resolution": "SLA res.",
    "fcr": "FCR",
    "reopen_rate": "Reopened",
    "hand_overs_per_ticket": "Hand-overs",
    "backlog": "Backlog",
    "csat": "CSAT",
}


def value_text(figure: Figure) -> str:
    """Return a figure as text, such as ``94.3 %``, ``3h 12m`` or ``1,204``; ``–`` for no value."""
    return number_text(figure.kpi.unit, figure.value)


def number_text(unit: Unit, value: float | None) -> str:
    """Return a value with its unit; ``–`` for None."""
    if value is None:
        return "–"
    match unit:
        case Unit.SHARE:
            return f"{value * 100:.1f} %"
        case Unit.SECONDS:
            return span_text(round(value), HOURS_TO_SECONDS)
        case Unit.TICKETS:
            return f"{round(value):,}"
    return f"{value:.2f}"


def left_out_text(figure: Figure) -> str:
    """Return what a figure leaves out, such as ``3 paused, 12 due later``; "" for nothing."""
    return ", ".join(f"{count:,} {_(why.value)}" for why, count in sorted(figure.left_out.items()))


def moments(group: ReportGroup) -> list[tuple[str, str]]:
    """Return at which moment level, agent and so on count, and of which figures."""
    titles: dict[str, list[str]] = {}
    for figure in group.figures:
        titles.setdefault(figure.kpi.cohort.whose, []).append(figure.kpi.title)
    return [(_(whose), ", ".join(found)) for whose, found in titles.items()]


def key_values(group: ReportGroup) -> list[str]:
    """Return a group's key figures as text, in the order of :data:`KEY_FIGURES`."""
    by_name = {figure.kpi.name: value_text(figure) for figure in group.figures}
    return [by_name[name] for name in KEY_FIGURES]
