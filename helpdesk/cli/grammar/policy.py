"""The arguments of ``sla`` and ``policy``."""

from helpdesk.cli.arguments import Commands, File, add_version_option, positive


def add_sla(commands: Commands) -> None:
    """Add ``sla``."""
    explain = commands.add("explain", "sla:explain", "explain how a due time was computed")
    explain.add_argument("id", metavar="ID")
    simulate = commands.add("simulate", "sla:simulate", "run the SLA clocks on a case file")
    simulate.add_argument("file", type=File, metavar="FILE.json", help="- reads stdin")


def add_policy(commands: Commands) -> None:
    """Add ``policy``."""
    check = commands.add("check", "policy:check", "list every mistake in a policy file")
    check.add_argument(
        "file", nargs="?", type=File, metavar="FILE.toml", help="default: the policy in force"
    )
    preview = commands.add(
        "preview", "policy:preview", "show what a file would change for open tickets"
    )
    preview.add_argument("file", type=File, metavar="FILE.toml")
    apply = commands.add("apply", "policy:apply", "put a policy file into force")
    apply.add_argument("file", type=File, metavar="FILE.toml")
    add_version_option(apply, "another version is in force")
    show = commands.add("show", "policy:show", "print the policy in force")
    show.add_argument(
        "file",
        nargs="?",
        type=File,
        metavar="FILE.toml",
        help="a valid file to print instead",
    )
    show.add_argument("--version", dest="policy_version", type=positive, metavar="N")
