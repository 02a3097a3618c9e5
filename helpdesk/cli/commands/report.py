"""``helpdesk report kpi``: the KPIs of a period."""

import argparse
from datetime import datetime

from helpdesk.cli.files import destination, write_atomically
from helpdesk.cli.open_desk import opened_desk, wants_json
from helpdesk.cli.progress import Progress
from helpdesk.desk.report import kpi_report
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.report import period
from helpdesk.report.format import ReportFormat
from helpdesk.report.formats import FORMATS
from helpdesk.report.period import ReportPeriod

_DEFAULT = "30d"


def kpi(arguments: argparse.Namespace) -> None:
    """Print the KPIs of a period, or write them to a file."""
    with opened_desk(arguments) as desk, Progress(_("computing the figures")):
        report = kpi_report.kpis(
            desk,
            period_of(arguments, desk.now()),
            arguments.by,
            to=destination(arguments.output),
        )
    name = ReportFormat.JSON if wants_json(arguments) else ReportFormat(arguments.format)
    text = FORMATS[name](report)
    if arguments.output in (None, "-"):
        print(text)
    else:
        write_atomically(arguments.output, text + "\n")


def period_of(arguments: argparse.Namespace, now: datetime) -> ReportPeriod:
    """Return the period that the arguments name; by default the last 30 days.

    :raises RefusedError: if they name no period, or more than one.
    """
    named = [name for name in ("since", "last", "month") if getattr(arguments, name)]
    if len(named) > 1:
        raise RefusedError("name one period: --from with --to, --last, or --month.")
    if arguments.until and "since" not in named:
        raise RefusedError("--to needs --from: name the day at which the period begins.")
    if arguments.since:
        return period.between(arguments.since, arguments.until, now)
    if arguments.month:
        return period.month(arguments.month)
    return period.last(arguments.last or _DEFAULT, now)
