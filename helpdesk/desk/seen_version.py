"""Optimistic locking of views, macros, agents and the policy: refuse to overwrite unseen changes.

For tickets, :mod:`helpdesk.desk.unit_of_work.transaction` does the same.
"""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.errors import ConflictError


@dataclass(frozen=True, slots=True)
class CurrentVersion:
    """The current version of an object that several people edit.

    :ivar what: the name of the object in a sentence, such as "the agent bob".
    :ivar version: its current version, counted from 1; 0 if the object does not exist.
    :ivar by: the login of the agent who changed it last; "" if unknown.
    :ivar at: when it was changed last, in UTC; None if unknown.
    :ivar look: the command that shows it.
    """

    what: str
    version: int
    by: str = ""
    at: datetime | None = None
    look: str = ""


def require_seen(seen: int | None, now: CurrentVersion) -> None:
    """Refuse to overwrite a version that the person has not seen.

    :param seen: the version that they have seen; 0 if they saw that the object did not exist; None
        to overwrite any version.
    :raises ConflictError: if the current version is another one.
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


def _by(now: CurrentVersion) -> str:
    by = f" by {now.by}" if now.by else ""
    return f"{by} at {now.at:%H:%M:%S} UTC on {now.at:%b %d}" if now.at else by
