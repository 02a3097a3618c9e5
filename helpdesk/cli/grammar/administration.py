"""The grammar of running a desk: its database, the SSH door, doctor and demo."""

from helpdesk.cli.arguments import Commands, File, Parser, positive


def add_db(commands: Commands) -> None:
    """Add ``db``."""
    commands.add("status", "db:status", "tell the schema's version")
    upgrade = commands.add("upgrade", "db:upgrade", "bring the schema to this program's version")
    upgrade.add_argument("--backup", metavar="PATH", help="where the backup before it goes")
    upgrade.add_argument(
        "--no-backup", dest="take_backup", action="store_false", help="take none before it"
    )
    backup = commands.add("backup", "db:backup", "take a backup while everybody works; verified")
    backup.add_argument("path", metavar="PATH", help="a file; with --keep a folder")
    backup.add_argument(
        "--keep", type=positive, metavar="N", help="give it a dated name, and keep the newest N"
    )
    restore = commands.add("restore", "db:restore", "put a backup in the desk's place")
    restore.add_argument("path", metavar="PATH")
    restore.add_argument("--replace", action="store_true", help="also where there is a desk")
    commands.add("check", "db:check", "tell whether data, references, clocks and index are whole")
    copy = commands.add("copy", "db:copy", "copy the desk into a new database of either engine")
    copy.add_argument("--to", required=True, metavar="URL")


def add_door(parser: Parser) -> None:
    """Add ``door``."""
    parser.add_argument("--key", default="", metavar="FINGERPRINT")
    parser.add_argument("--home", metavar="DIR", help="the account's home, if it is not its own")


def add_doctor(parser: Parser) -> None:
    """Add ``doctor``."""
    parser.add_argument("--sshd", action="store_true", help="print what belongs into sshd's file")
    parser.add_argument("--sshd-config", type=File, metavar="FILE", help="default: the host's")


def add_manual(parser: Parser) -> None:
    """Add ``manual``."""
    parser.add_argument("page", nargs="?", metavar="PAGE", help="default: the list of pages")
    parser.add_argument("--search", metavar="WORDS", help="the sections that have all these words")


def add_demo(parser: Parser) -> None:
    """Add ``demo``."""
    parser.add_argument("--tickets", type=positive, default=500, metavar="N")
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help="the same seed, the same desk"
    )
    parser.add_argument(
        "--make-only", action="store_true", help="fill the desk named by --db, do not open the app"
    )
