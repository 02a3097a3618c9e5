"""How sshd on this host starts the help desk for an agent of this desk."""

import os
import pwd
import sys
from pathlib import Path

from helpdesk import locations
from helpdesk.desk.settings import Settings
from helpdesk.domain.errors import RefusedError
from helpdesk.ssh.forced_command import Entrance
from helpdesk.store.database.backend import readable
from helpdesk.store.database.url import parse_url


def account_home() -> Path:
    """Return the home of the operating system's user, by the user database."""
    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError:
        return Path.home()


def entrance(settings: Settings) -> Entrance:
    """Return how to start this program on this desk; what is the default is left out.

    Python is told (``-I``) to heed neither its own variables nor the folder it is started in.

    :raises RefusedError: if the database's URL holds a password.
    """
    options: list[str] = []
    home = Path.home()
    if home != account_home():
        options += ["--home", str(home)]
    url = parse_url(settings.database_url)
    if url.password is not None:
        raise RefusedError(
            f"the URL {readable(url)} holds a password, which everybody on this host could read "
            "in the list of processes: put it into ~/.pgpass and leave it out of the URL."
        )
    if settings.database_url != f"sqlite:///{_standard(home, 'helpdesk.db')}":
        options += ["--db", url.render_as_string()]
    knowledge = settings.knowledge_dir
    if knowledge is not None:
        options += ["--kb", str(knowledge.absolute())]
    elif locations.default_knowledge_dir() != _standard(home, "kb"):
        options += ["--kb", str(locations.default_knowledge_dir())]
    return Entrance((sys.executable, "-I", "-m", "helpdesk"), tuple(options))


def _standard(home: Path, name: str) -> Path:
    return home / ".local" / "share" / "helpdesk" / name
