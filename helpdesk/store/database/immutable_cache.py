"""A cache, per process, of rows that never change once they are committed.

Policy versions, with their SLAs, targets, contracts and calendars, are only ever added, and every
use case reads the same few of them.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

T = TypeVar("T")

#: The cache is emptied when it holds this many results.
_MAX_RESULTS = 5_000


class ImmutableCache:
    """Results of reads from one database, by a key that names the read."""

    def __init__(self) -> None:
        self._results: dict[Hashable, Any] = {}

    def get_or_read(
        self, key: Hashable, session: Session, read: Callable[[], T], *, committed: bool
    ) -> T:
        """Return the cached result of the key, or else read it; None is never cached.

        :param committed: whether a result that is read now is committed, so that it may be cached.
        """
        if key in self._results:
            found: T = self._results[key]
            return found
        found = read()
        if committed and found is not None:
            for row in found if isinstance(found, list) else (found,):
                session.expunge(row)  # it outlives this session
            if len(self._results) >= _MAX_RESULTS:
                self._results.clear()
            self._results[key] = found
        return found
