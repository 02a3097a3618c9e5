"""The arguments of ``search`` and ``kb``."""

from helpdesk.cli.arguments import ArticlePath, Commands, File, Parser, positive
from helpdesk.ssh.needs import Need


def add_search(parser: Parser) -> None:
    """Add ``search``."""
    parser.takes_texts = True
    parser.add_argument("text", nargs="?", metavar="TEXT")
    parser.add_argument("--in", dest="scope", choices=("kb", "tickets", "all"), default="all")
    parser.add_argument("-n", dest="limit", type=positive, default=10, metavar="N")
    parser.add_argument(
        "--drafts", action="store_true", help="also find drafts of articles (editors only)"
    )
    parser.add_argument(
        "--as-typed", action="store_true", help="correct no spelling mistake in TEXT"
    )
    parser.add_argument(
        "--batch",
        type=File,
        metavar="FILE.jsonl",
        help='one query {"q": …} a line; prints one result a line',
    )


def add_kb(commands: Commands) -> None:
    """Add ``kb``."""
    listed = commands.add("list", "kb:list_articles", "list the articles")
    listed.add_argument("--overdue", action="store_true", help="only those due for a review")
    listed.add_argument("--owner", default="", metavar="NAME", help="only those of this owner")
    listed.add_argument("--service", default="", metavar="S", help="only those about it")
    show = commands.add("show", "kb:show", "show an article")
    show.add_argument(
        "path",
        type=ArticlePath,
        metavar="PATH",
        help="as in 'kb list', such as vpn/reset-token.md",
    )
    new = commands.add("new", "kb:new", "start an article from a template", Need.ARTICLES)
    new.add_argument("path", type=ArticlePath, metavar="PATH")
    new.add_argument("--title", default="", metavar="TITLE")
    new.add_argument("--template", "--kind", choices=("article", "sop"), default="article")
    new.add_argument("--from", dest="ticket", metavar="ID", help="fill it from a ticket")
    for verb, help_text in (
        ("reviewed", "note that you have reviewed an article today"),
        ("submit", "ask another editor to review a draft"),
        ("publish", "publish a draft; where the policy asks for it, with your approval"),
    ):
        step = commands.add(verb, f"kb:{verb}", help_text, Need.ARTICLES)
        step.add_argument("path", type=ArticlePath, metavar="PATH")
    commands.add("check", "kb:check", "list every mistake in the files")
    stats = commands.add("stats", "kb:stats", "which articles are used, unused or missing")
    stats.add_argument("--days", type=positive, default=90, metavar="N", help="how far back (90)")
