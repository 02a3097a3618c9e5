"""The arguments of ``sla`` and ``policy``."""

from helpdesk.cli.arguments import Commands, File, add_version_option, positive
from helpdesk.ssh.needs import Need


def add_sla(commands: Commands) -> None:
    """Add ``sla``."""
    explain = commands.add("explain", "sla:explain", "explain how a due time was computed")
    explain.add_argument("id", metavar="ID")
    simulate = commands.add(
        "simulate", "sla:simulate", "run the SLA clocks on a case file", Need.READ_DROP
    )
    simulate.add_argument("file", type=File, metavar="FILE.json", help="- reads stdin")


def add_policy(commands: Commands) -> None:
    """Add ``policy``."""
    check = commands.add(
        "check", "policy:check", "list every mistake in a policy file", Need.READ_DROP
    )
    check.add_argument(
        "file", nargs="?", type=File, metavar="FILE.toml", help="default: the policy in force"
    )
    preview = commands.add(
        "preview",
        "policy:preview",
        "show what a file would change for open tickets",
        Need.READ_DROP,
    )
    preview.add_argument("file", type=File, metavar="FILE.toml")
    apply = commands.add("apply", "policy:apply", "put a policy file into force", Need.READ_DROP)
    apply.add_argument("file", type=File, metavar="FILE.toml")
    add_version_option(apply, "another version is in force")
    show = commands.add("show", "policy:show", "print the policy in force", Need.READ_DROP)
    show.add_argument(
        "file",
        nargs="?",
        type=File,
        metavar="FILE.toml",
        help="a valid file to print instead",
    )
    show.add_argument("--version", dest="policy_version", type=positive, metavar="N")
