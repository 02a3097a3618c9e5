"""What never changes once it is committed, kept by the process that has read it.

Versions of the policy, with their SLAs, targets, contracts and calendars, are only ever added to:
every verb asks for the same few of them.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

T = TypeVar("T")

#: More than this are not kept: a desk with as many contracts reads some of them anew.
_MOST = 5_000


class Kept:
    """What was read of one database, by a key that says what it is."""

    def __init__(self) -> None:
        self._found: dict[Hashable, Any] = {}

    def recall(self, key: Hashable, session: Session, read: Callable[[], T], *, sure: bool) -> T:
        """Return what was read under the key, or else read it; None is asked for again.

        :param sure: what is read now is committed, so that it may be kept.
        """
        if key in self._found:
            found: T = self._found[key]
            return found
        found = read()
        if sure and found is not None:
            for row in found if isinstance(found, list) else (found,):
                session.expunge(row)  # it is used beyond this session
            if len(self._found) >= _MOST:
                self._found.clear()
            self._found[key] = found
        return found
