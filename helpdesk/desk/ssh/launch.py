"""Build the forced command with which sshd on this host starts the help desk."""

import os
import sys
from pathlib import Path

from helpdesk import locations
from helpdesk.desk.settings import Settings
from helpdesk.domain.errors import RefusedError
from helpdesk.ssh.account import account
from helpdesk.ssh.forced_command import ForcedCommand
from helpdesk.store.database.backend import database_name
from helpdesk.store.database.url import parse_url


def account_home() -> Path:
    """Return the home folder of this process's account, as the user database has it."""
    found = account(os.getuid())
    return Path(found.pw_dir) if found else Path.home()


def launch_command(settings: Settings) -> ForcedCommand:
    """Return the command that starts this program on this desk; default options are left out.

    Python's option ``-I`` makes it ignore its environment variables and the current folder.

    :raises RefusedError: if the database URL holds a password.
    """
    options: list[str] = []
    home = Path.home()
    if home != account_home():
        options += ["--home", str(home)]
    url = parse_url(settings.database_url)
    if url.password is not None:
        raise RefusedError(
            f"the URL {database_name(url)} holds a password, which everybody on this host could "
            "read in the list of processes: put it into ~/.pgpass and leave it out of the URL."
        )
    if settings.database_url != f"sqlite:///{_default_path(home, 'helpdesk.db')}":
        options += ["--db", url.render_as_string()]
    knowledge = settings.knowledge_dir
    if knowledge is not None:
        options += ["--kb", str(knowledge.absolute())]
    elif locations.default_knowledge_dir() != _default_path(home, "kb"):
        options += ["--kb", str(locations.default_knowledge_dir())]
    return ForcedCommand((sys.executable, "-I", "-m", "helpdesk"), tuple(options))


def _default_path(home: Path, name: str) -> Path:
    return home / ".local" / "share" / "helpdesk" / name
