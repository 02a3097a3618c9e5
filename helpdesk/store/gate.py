"""A gate through which writers go one at a time, in the order in which they came.

SQLite lets whoever waits ask again after a while, and the longer somebody has waited the longer
those pauses are: of fifty who write without pause the unlucky wait for seconds.  A lock of the
kernel (``flock``) on a file beside the database wakes them in order.  The gate is for fairness
alone: SQLite's own lock is what keeps writers apart, also those of other programs.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from helpdesk.domain.errors import UnavailableError


class Gate:
    """The gate of one database file.

    :param file: the database; the lock is on a file beside it, which holds nothing.
    :param wait_s: how long to wait for one's turn, in seconds.
    """

    def __init__(self, file: Path, wait_s: float) -> None:
        self._file = Path(f"{file}-gate")
        self._name = str(file)
        self._wait_s = wait_s

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn, and let the next one through at the end of the block.

        :raises UnavailableError: if it has not come in time.
        """
        handle = self._open()
        if handle is None:
            yield
            return
        if not _is_free(handle) and not _Waiting(handle).has_come(self._wait_s):
            raise UnavailableError(
                f"the database {self._name} is busy: another program holds it; "
                "wait a moment and try again."
            )
        try:
            yield
        finally:
            # Said aloud: a copy of this process that was forked meanwhile holds the lock as well.
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_UN)
            os.close(handle)

    def _open(self) -> int | None:
        """Return the lock file, or None where it cannot be: then writers do without."""
        try:
            # Everybody who may write the database may go through, whoever made the file.
            mode = Path(self._name).stat().st_mode & 0o666
            handle = os.open(self._file, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, mode)
        except OSError:
            return None
        return handle


def _is_free(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: SQLite's own must do
        return True
    return True


class _Waiting:
    """Somebody in the row.

    The kernel knows no lock with a time limit: a thread waits in their place, and whoever gives up
    leaves it to that thread to let the next one through.
    """

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._lock = threading.Lock()
        self._come = threading.Event()
        self._given_up = False

    def has_come(self, wait_s: float) -> bool:
        """Whether the turn came in time."""
        threading.Thread(target=self._wait, name="gate", daemon=True).start()
        self._come.wait(wait_s)
        with self._lock:
            self._given_up = not self._come.is_set()
        return not self._given_up

    def _wait(self) -> None:
        with suppress(OSError):  # an error counts as if it were free
            fcntl.flock(self._handle, fcntl.LOCK_EX)
        with self._lock:
            if self._given_up:
                os.close(self._handle)
            else:
                self._come.set()
