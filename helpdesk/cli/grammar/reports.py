"""The arguments of ``report``, ``export`` and ``import``."""

from helpdesk.cli.arguments import Commands, File, Parser, any_of, mapping, member_of, positive
from helpdesk.report.by import GroupBy
from helpdesk.report.format import ReportFormat
from helpdesk.ssh.needs import Need


def add_report(commands: Commands) -> None:
    """Add ``report``."""
    kpi = commands.add("kpi", "report:kpi", "the KPIs of a period", Need.WRITE_DROP)
    _period(kpi)
    kpi.add_argument("--by", type=member_of(GroupBy), help=any_of(GroupBy))
    kpi.add_argument(
        "--format", choices=[one.value for one in ReportFormat], default=ReportFormat.TEXT.value
    )
    kpi.add_argument("-o", "--output", type=File, metavar="FILE", help="write to this file")
    spent = commands.add("time", "time_spent:report", "time spent and tickets logged, per customer")
    _period(spent)
    spent.add_argument("--customer", metavar="C")
    audit = commands.add(
        "audit",
        "audit:report",
        "who changed what, and what was refused",
        Need.READ_DROP | Need.ANCHORS,
    )
    _period(audit, "all")
    audit.add_argument("--agent", metavar="LOGIN", help="what this agent did")
    audit.add_argument("--ticket", metavar="ID", help="what was done to this ticket")
    audit.add_argument("--refused", action="store_true", help="only refused attempts")
    audit.add_argument("--limit", type=positive, default=100, metavar="N", help="the newest N")
    audit.add_argument(
        "--anchor",
        action="store_true",
        help="write an anchor of the trail to the place that door.toml names",
    )
    audit.add_argument(
        "--check-anchors", type=File, metavar="FILE", help="verify the trail against anchors"
    )


def add_import(parser: Parser) -> None:
    """Add ``import``."""
    parser.add_argument("file", type=File, metavar="FILE")
    parser.add_argument(
        "--map",
        required=True,
        type=mapping,
        metavar="MAPPING",
        help="a built-in mapping, or your own file that ends in .toml",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="import nothing, only list what would be refused, and what is odd or unknown",
    )
    parser.add_argument(
        "--limit",
        type=positive,
        default=10_000_000,
        metavar="N",
        help="read the first N tickets and no more (10,000,000)",
    )
    parser.add_argument("--encoding", metavar="NAME", help="such as cp1252; default: UTF-8")
    parser.add_argument(
        "--dates",
        choices=("day-first", "month-first"),
        help="the order of day and month in dates such as 3/4/2026; default: the mapping's",
    )


def add_export(commands: Commands) -> None:
    """Add ``export``."""
    for name, summary in (
        ("tickets", "tickets; in JSON with their history"),
        ("events", "the timelines of tickets, one entry a line"),
    ):
        export = commands.add(name, f"exchange:export_{name}", summary, Need.WRITE_DROP)
        export.add_argument("--format", choices=("csv", "json", "jsonl"), default="csv")
        export.add_argument("--query", metavar="Q", help="as in 'ticket list'; default: all")
        export.add_argument(
            "-o", "--output", type=File, metavar="FILE", help="an interrupted export is resumed"
        )


def _period(parser: Parser, default: str = "30d") -> None:
    parser.add_argument("--from", dest="since", default="", metavar="DAY", help="a day or a time")
    parser.add_argument("--to", dest="until", default="", metavar="DAY", help="default: now")
    parser.add_argument(
        "--last", metavar="7d", help=f"24h, 7d, 4w, 3m (months); default: {default}"
    )
    parser.add_argument("--month", metavar="2026-10")
