"""The environment of a process that somebody else's client may have filled.

Imports nothing that reads the environment: this comes first.
"""

import os
import pwd
import re
from collections.abc import Mapping

_LOCALE = re.compile(r"[A-Za-z0-9_.@-]{1,40}")
_ADDRESSES = re.compile(r"[0-9A-Fa-f.:%a-z]+( [0-9A-Fa-f.:%a-z]+)*")

#: What may stay, and what it may look like.  Everything else goes, above all LD_*, PYTHON*,
#: TEXTUAL*, HELPDESK_*, XDG_*, EDITOR, VISUAL, PAGER, BROWSER, TERMINFO and NCURSES settings.
_KEPT = {
    "TERM": re.compile(r"[A-Za-z0-9][A-Za-z0-9+._-]{0,40}"),
    "COLORTERM": re.compile(r"truecolor|24bit"),
    "NO_COLOR": re.compile(r".+"),
    "LANG": _LOCALE,
    "LC_ALL": _LOCALE,
    "LC_CTYPE": _LOCALE,
    # A name of the time zone database, and no path: of the C library's forms that would be one.
    "TZ": re.compile(r"[A-Z][A-Za-z0-9_+-]{0,30}(/[A-Z][A-Za-z0-9_+-]{0,30}){0,2}"),
    "SSH_CONNECTION": _ADDRESSES,
    "SSH_TTY": re.compile(r"/dev/[A-Za-z0-9/]{1,40}"),
}
_PATH = "/usr/local/bin:/usr/bin:/bin"


def scrubbed(given: Mapping[str, str], home: str | None = None) -> dict[str, str]:
    """Return the environment that the program may see.

    :param home: the account's home; default: by the user database.
    """
    kept = {
        name: value
        for name, look in _KEPT.items()
        if (value := given.get(name)) is not None and look.fullmatch(value)
    }
    try:
        account = pwd.getpwuid(os.getuid())
        login, folder = account.pw_name, account.pw_dir
    except KeyError:
        login, folder = str(os.getuid()), "/"
    return {**kept, "PATH": _PATH, "HOME": home or folder, "USER": login, "LOGNAME": login}


def scrub(home: str | None = None) -> None:
    """Put that environment in the place of this process's."""
    wanted = scrubbed(os.environ, home)
    os.environ.clear()
    os.environ.update(wanted)
