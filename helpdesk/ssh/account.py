"""The account under which this process runs, as the user database of the host has it."""

import pwd
from functools import cache


@cache
def account(uid: int) -> pwd.struct_passwd | None:
    """Return the entry of a user number, or None if there is none.

    It is read once: a process of an SSH client may not read the user database later.
    """
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None
