"""The grammar of SLA and policy."""

from helpdesk.cli.arguments import Commands, File, positive, seen_version


def add_sla(commands: Commands) -> None:
    """Add ``sla``."""
    explain = commands.add("explain", "sla:explain", "tell how a due time came about")
    explain.add_argument("id", metavar="ID")
    simulate = commands.add("simulate", "sla:simulate", "run the clock on a case file")
    simulate.add_argument("file", type=File, metavar="FILE.json", help="- reads stdin")


def add_policy(commands: Commands) -> None:
    """Add ``policy``."""
    check = commands.add("check", "policy:check", "name every mistake in a policy file")
    check.add_argument(
        "file", nargs="?", type=File, metavar="FILE.toml", help="default: the policy in force"
    )
    preview = commands.add("preview", "policy:preview", "what a file would change for open tickets")
    preview.add_argument("file", type=File, metavar="FILE.toml")
    apply = commands.add("apply", "policy:apply", "bring a policy file into force")
    apply.add_argument("file", type=File, metavar="FILE.toml")
    seen_version(apply, "another version is in force")
    show = commands.add("show", "policy:show", "print the policy in force")
    show.add_argument(
        "file",
        nargs="?",
        type=File,
        metavar="FILE.toml",
        help="a file to print instead, if it is sound",
    )
    show.add_argument("--version", dest="policy_version", type=positive, metavar="N")
