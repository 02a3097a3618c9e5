"""A gate through which writers go one at a time, in the order in which they came.

SQLite lets whoever waits ask again after a while, and the longer somebody has waited the longer
those pauses are: of fifty who write without pause the unlucky wait for seconds.  A lock of the
kernel on a file (``flock``) is little better: those who wait are put behind one who comes just as
it is let go.  So everybody draws a number, as at a counter, keeps the byte of that number in a file
locked, and waits until no lower byte is locked.  A process that is killed loses its locks, and with
them its place.

The gate is for fairness alone: SQLite's own lock is what keeps writers apart, also those of other
programs.
"""

import fcntl
import os
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from helpdesk.domain.errors import UnavailableError

#: Locked by whoever draws a number; no number gets that high.
_COUNTER = 2**62
_NUMBER = struct.Struct("<Q")
#: ``struct flock`` of fcntl(2): type, whence, start, length, process.  ``off_t`` has 64 bits on
#: 32-bit hosts as well, since CPython is built with support for large files; without a byte order,
#: ``struct`` aligns the fields as the host's C compiler does (i386: 24 bytes, ARM and 64 bits: 32).
_FLOCK = struct.Struct("hhqqi0q")
_DRAW_AGAIN_S = 0.0005


class Gate:
    """The gate of one database file.

    :param file: the database; the file beside it holds the number that was drawn last.
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
        if not self._has_come(handle):
            raise UnavailableError(
                f"the database {self._name} is busy: another program holds it; "
                "wait a moment and try again."
            )
        try:
            yield
        finally:
            _let_go(handle)
            os.close(handle)

    def _has_come(self, handle: int) -> bool:
        end = time.monotonic() + self._wait_s
        try:
            number = _draw(handle, end)
        except OSError:  # a file system without such locks: SQLite's own must do
            return True
        if number is None:
            os.close(handle)
            return False
        if _lock(handle, fcntl.F_RDLCK, 0, number):
            return True
        return _Waiting(handle, number).has_come(end - time.monotonic())

    def _open(self) -> int | None:
        """Return the file, or None where it cannot be opened: then writers do without."""
        if not hasattr(fcntl, "F_OFD_SETLK"):  # not on Linux
            return None
        flags = os.O_RDWR | os.O_CLOEXEC
        with suppress(OSError):
            return os.open(self._file, flags)
        try:
            # Everybody who may write the database may go through, whoever made the file.
            mode = Path(self._name).stat().st_mode & 0o666
            handle = os.open(self._file, flags | os.O_CREAT, mode)
            with suppress(OSError):  # what others have made is right already
                os.fchmod(handle, mode)
        except OSError:
            return None
        return handle


class _Waiting:
    """Somebody in the row.

    The kernel knows no lock with a time limit: a thread waits in their place, and whoever gives up
    leaves it to that thread to close the file.
    """

    def __init__(self, handle: int, number: int) -> None:
        self._handle = handle
        self._number = number
        self._lock = threading.Lock()
        self._come = threading.Event()
        self._given_up = False

    def has_come(self, wait_s: float) -> bool:
        """Whether the turn came in time."""
        threading.Thread(target=self._wait, name="gate", daemon=True).start()
        self._come.wait(wait_s)
        with self._lock:
            self._given_up = not self._come.is_set()
            if self._given_up:
                _let_go(self._handle)
        return not self._given_up

    def _wait(self) -> None:
        with suppress(OSError):  # an error counts as if it were free
            # Whoever is next wakes up alone; those before them may have given up out of turn.
            _lock(self._handle, fcntl.F_RDLCK, self._number - 1, 1, wait=True)
            _lock(self._handle, fcntl.F_RDLCK, 0, self._number, wait=True)
        with self._lock:
            if self._given_up:
                os.close(self._handle)
            else:
                self._come.set()


def _draw(handle: int, end: float) -> int | None:
    """Draw the next number and lock its byte; None if that was not to be had in time."""
    while not _lock(handle, fcntl.F_WRLCK, _COUNTER, 1):
        if time.monotonic() > end:
            return None
        time.sleep(_DRAW_AGAIN_S)
    try:
        written = os.pread(handle, _NUMBER.size, 0)
        last = _NUMBER.unpack(written)[0] if len(written) == _NUMBER.size else 0
        number = int(last % (_COUNTER - 1)) + 1
        os.pwrite(handle, _NUMBER.pack(number), 0)
        _lock(handle, fcntl.F_WRLCK, number, 1)
    finally:
        _lock(handle, fcntl.F_UNLCK, _COUNTER, 1)
    return number


def lock_request(kind: int, start: int, length: int) -> bytes:
    """Return a ``struct flock`` as this host's C library lays it out.

    :param kind: ``fcntl.F_RDLCK``, ``F_WRLCK`` or ``F_UNLCK``.
    :param start: the first byte, from the beginning of the file.
    :param length: how many bytes; 0 means all that follow.
    """
    return _FLOCK.pack(kind, os.SEEK_SET, start, length, 0)


def _lock(handle: int, kind: int, start: int, length: int, *, wait: bool = False) -> bool:
    """Lock bytes, for this opening of the file alone; return whether they could be had.

    :raises OSError: if the file system or the kernel does not know such locks.
    """
    command = fcntl.F_OFD_SETLKW if wait else fcntl.F_OFD_SETLK
    try:
        fcntl.fcntl(handle, command, lock_request(kind, start, length))
    except (BlockingIOError, PermissionError):
        return False
    return True


def _let_go(handle: int) -> None:
    """Let go of all bytes.

    Said aloud: a copy of this process that was forked meanwhile holds the locks as well.
    """
    with suppress(OSError):
        _lock(handle, fcntl.F_UNLCK, 0, 0)
