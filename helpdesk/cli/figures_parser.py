"""The grammar of reports, exports and imports."""

from helpdesk.cli.arguments import Commands, File, word
from helpdesk.report.by import By

_FORMATS = ("text", "json", "csv", "markdown", "html")


def add_report(commands: Commands) -> None:
    """Add ``report``."""
    kpi = commands.add("kpi", "report:kpi", "the KPIs of a period, each with what it counts")
    kpi.add_argument("--from", dest="since", default="", metavar="DAY", help="a day or a time")
    kpi.add_argument("--to", dest="until", default="", metavar="DAY", help="default: now")
    kpi.add_argument("--last", metavar="7d", help="24h, 7d, 4w, 3m (months); default: 30d")
    kpi.add_argument("--month", metavar="2026-10")
    kpi.add_argument("--by", type=word(By), help="|".join(By))
    kpi.add_argument("--format", choices=_FORMATS, default="text")
    kpi.add_argument("-o", "--output", type=File, metavar="FILE", help="write it there")
