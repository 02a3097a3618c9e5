"""What a person has seen of a thing that others edit, too: views, macros, agents, the policy.

For tickets, :mod:`helpdesk.desk.unit_of_work.transaction` does the same.
"""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.errors import ConflictError


@dataclass(frozen=True, slots=True)
class Standing:
    """How a thing stands now.

    :ivar what: the thing, as a sentence names it.
    :ivar version: the number of its changes; 0: there is none.
    :ivar by: the login of who changed it last; "": nobody, or it is not known.
    :ivar at: when, in UTC.
    :ivar look: the command that shows it.
    """

    what: str
    version: int
    by: str = ""
    at: datetime | None = None
    look: str = ""


def require_seen(seen: int | None, now: Standing) -> None:
    """Refuse to overwrite what the person has not seen.

    :param seen: the version that they have seen, 0 if they saw none; None: whatever it is.
    :raises ConflictError: if it is another one now.
    """
    if seen is None or seen == now.version:
        return
    if not now.version:
        happened = f"{now.what} was deleted meanwhile"
    elif not seen:
        happened = f"there is {now.what} already{_by(now)}"
    elif seen > now.version:
        happened = f"{now.what} has version {now.version}, there is no version {seen} yet"
    else:
        happened = f"{now.what} was changed meanwhile{_by(now)}, it has version {now.version} now"
    raise ConflictError(f"{happened}: nothing was saved; look at it ({now.look}) and try again.")


def _by(now: Standing) -> str:
    by = f" by {now.by}" if now.by else ""
    return f"{by} at {now.at:%H:%M:%S} UTC on {now.at:%b %d}" if now.at else by
