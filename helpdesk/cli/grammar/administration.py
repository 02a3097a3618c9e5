"""The arguments of ``db``, ``door``, ``doctor``, ``manual`` and ``demo``."""

from helpdesk.cli.arguments import Commands, File, HostPath, Parser, positive


def add_db(commands: Commands) -> None:
    """Add ``db``."""
    commands.add("status", "db:status", "show the version of the schema")
    upgrade = commands.add("upgrade", "db:upgrade", "upgrade the schema to this program's version")
    upgrade.add_argument(
        "--backup",
        type=HostPath,
        metavar="PATH",
        help="where to write the backup that is taken first",
    )
    upgrade.add_argument(
        "--no-backup", dest="take_backup", action="store_false", help="take no backup first"
    )
    clocks = upgrade.add_mutually_exclusive_group()
    clocks.add_argument(
        "--keep-clocks",
        action="store_true",
        help="leave the clocks of open tickets under the older program's rules for now",
    )
    clocks.add_argument(
        "--preview",
        action="store_true",
        help="show which clocks of open tickets newer rules would move, and change nothing",
    )
    backup = commands.add("backup", "db:backup", "take a verified backup while everybody works")
    backup.add_argument("path", type=HostPath, metavar="PATH", help="a file; with --keep a folder")
    backup.add_argument(
        "--keep",
        type=positive,
        metavar="N",
        help="use a dated name, and delete all but the newest N",
    )
    restore = commands.add("restore", "db:restore", "replace the desk with a backup")
    restore.add_argument("path", type=HostPath, metavar="PATH")
    restore.add_argument("--replace", action="store_true", help="overwrite the desk that is there")
    restore.add_argument(
        "--no-backup",
        dest="keep_replaced",
        action="store_false",
        help="keep no copy of the desk that is overwritten",
    )
    forget = commands.add(
        "forget", "db:forget", "do not miss the desk that was in a database any longer"
    )
    forget.add_argument("url", type=HostPath, metavar="URL")
    commands.add("check", "db:check", "check the integrity of data, references, clocks and index")
    copy = commands.add("copy", "db:copy", "copy the desk into a new SQLite or PostgreSQL database")
    copy.add_argument("--to", required=True, type=HostPath, metavar="URL")


def add_door(parser: Parser) -> None:
    """Add ``door``."""
    parser.add_argument("--key", default="", metavar="FINGERPRINT")
    parser.add_argument(
        "--home",
        type=HostPath,
        metavar="DIR",
        help="the account's home folder, if not the usual one",
    )


def add_doctor(parser: Parser) -> None:
    """Add ``doctor``."""
    parser.add_argument(
        "--sshd", action="store_true", help="print the settings for sshd's configuration"
    )
    parser.add_argument(
        "--clock-is-right",
        action="store_true",
        help="accept the host's clock although it is behind the newest record",
    )
    parser.add_argument("--sshd-config", type=File, metavar="FILE", help="default: the host's")


def add_manual(parser: Parser) -> None:
    """Add ``manual``."""
    parser.add_argument("page", nargs="?", metavar="PAGE", help="default: the list of pages")
    parser.add_argument("--search", metavar="WORDS", help="the sections that have all these words")


def add_demo(parser: Parser) -> None:
    """Add ``demo``."""
    parser.add_argument("--tickets", type=positive, default=500, metavar="N")
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help="the same seed makes the same desk"
    )
    parser.add_argument(
        "--make-only", action="store_true", help="fill the desk that is named, do not open the app"
    )
