"""Cleaning the environment variables of a process, which an SSH client may have set.

This module imports nothing that reads the environment, because it has to run first.
"""

import os
import re
from collections.abc import Mapping

from helpdesk.ssh.account import account

_LOCALE = re.compile(r"[A-Za-z0-9_.@-]{1,40}")
_ADDRESSES = re.compile(r"[0-9A-Fa-f.:%a-z]+( [0-9A-Fa-f.:%a-z]+)*")

#: The variables that are kept, with the values allowed.  All others are dropped, above all LD_*,
#: PYTHON*, TEXTUAL*, HELPDESK_*, XDG_*, EDITOR, VISUAL, PAGER, BROWSER, TERMINFO and NCURSES*.
_ALLOWED = {
    "TERM": re.compile(r"[A-Za-z0-9][A-Za-z0-9+._-]{0,40}"),
    "COLORTERM": re.compile(r"truecolor|24bit"),
    "NO_COLOR": re.compile(r".+"),
    "LANG": _LOCALE,
    "LC_ALL": _LOCALE,
    "LC_CTYPE": _LOCALE,
    # A name of the time zone database; the C library would also accept a path.
    "TZ": re.compile(r"[A-Z][A-Za-z0-9_+-]{0,30}(/[A-Z][A-Za-z0-9_+-]{0,30}){0,2}"),
    "SSH_CONNECTION": _ADDRESSES,
    "SSH_TTY": re.compile(r"/dev/[A-Za-z0-9/]{1,40}"),
}
_PATH = "/usr/local/bin:/usr/bin:/bin"


def scrubbed(given: Mapping[str, str], home: str | None = None) -> dict[str, str]:
    """Return the environment variables that are safe to use.

    :param home: the account's home folder; default: from the user database.
    """
    allowed = {
        name: value
        for name, pattern in _ALLOWED.items()
        if (value := given.get(name)) is not None and pattern.fullmatch(value)
    }
    found = account(os.getuid())
    login, folder = (found.pw_name, found.pw_dir) if found else (str(os.getuid()), "/")
    return {**allowed, "PATH": _PATH, "HOME": home or folder, "USER": login, "LOGNAME": login}


def scrub(home: str | None = None) -> None:
    """Replace the environment of this process with the scrubbed one."""
    clean = scrubbed(os.environ, home)
    os.environ.clear()
    os.environ.update(clean)
