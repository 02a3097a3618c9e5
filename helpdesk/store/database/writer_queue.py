"""A fair queue for SQLite's writers: one at a time, in order of arrival.

A writer that finds an SQLite file locked polls it, at intervals that grow with the waiting time:
of fifty writers that never pause, some wait for seconds.  A kernel lock on a file (``flock``) is
little better: a newcomer can take it before those who wait.  So each writer draws the next number,
locks the byte at that offset of a queue file, and waits until no lower byte is locked.  A process
that is killed loses its locks, and with them its place.

The queue only makes waiting fair: SQLite's own lock keeps writers apart, including those of other
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

from helpdesk.domain.errors import BusyError

#: The byte that is locked while a number is drawn; numbers stay below it.
_COUNTER = 2**62
_NUMBER = struct.Struct("<Q")
#: ``struct flock`` of fcntl(2): l_type, l_whence, l_start, l_len, l_pid.  ``off_t`` has 64 bits on
#: 32-bit hosts as well, since CPython is built with support for large files; without a byte order,
#: ``struct`` aligns the fields as the host's C compiler does (i386: 24 bytes, ARM and 64 bits: 32).
_FLOCK = struct.Struct("hhqqi0q")
_DRAW_AGAIN_S = 0.0005


class WriterQueue:
    """The writer queue of one database file.

    :param file: the database; a file next to it holds the number that was drawn last.
    :param wait_s: how long to wait for the turn, in seconds.
    """

    def __init__(self, file: Path, wait_s: float) -> None:
        self._file = Path(f"{file}-gate")
        self._name = str(file)
        self._wait_s = wait_s

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn, and let the next writer go on at the end of the block.

        :raises BusyError: if the turn has not come in time.
        """
        handle = self._open()
        if handle is None:
            yield
            return
        if not self._has_come(handle):
            raise BusyError(
                f"the database {self._name} is busy: another program holds it; "
                "wait a moment and try again."
            )
        try:
            yield
        finally:
            _unlock_all(handle)
            os.close(handle)

    def _has_come(self, handle: int) -> bool:
        end = time.monotonic() + self._wait_s
        try:
            number = _draw(handle, end)
        except OSError:  # the file system has no such locks: rely on SQLite's own
            return True
        if number is None:
            os.close(handle)
            return False
        if _lock(handle, fcntl.F_RDLCK, 0, number):
            return True
        return _WaitingWriter(handle, number).has_come(end - time.monotonic())

    def _open(self) -> int | None:
        """Return the queue file's handle; None if it cannot be opened: then there is no queue."""
        if not hasattr(fcntl, "F_OFD_SETLK"):  # not on Linux
            return None
        flags = os.O_RDWR | os.O_CLOEXEC
        with suppress(OSError):
            return os.open(self._file, flags)
        try:
            # Everybody who may write the database must be able to write this file, too.
            mode = Path(self._name).stat().st_mode & 0o666
            handle = os.open(self._file, flags | os.O_CREAT, mode)
            with suppress(OSError):  # a file made by another user has the right mode already
                os.fchmod(handle, mode)
        except OSError:
            return None
        return handle


class _WaitingWriter:
    """A writer that waits for its turn.

    The kernel has no lock with a time limit, so a thread waits for it.  If the time is over first,
    that thread closes the file.
    """

    def __init__(self, handle: int, number: int) -> None:
        self._handle = handle
        self._number = number
        self._lock = threading.Lock()
        self._has_turn = threading.Event()
        self._given_up = False

    def has_come(self, wait_s: float) -> bool:
        """Whether the turn came in time."""
        threading.Thread(target=self._wait, name="writer queue", daemon=True).start()
        self._has_turn.wait(wait_s)
        with self._lock:
            self._given_up = not self._has_turn.is_set()
            if self._given_up:
                _unlock_all(self._handle)
        return not self._given_up

    def _wait(self) -> None:
        with suppress(OSError):  # on an error, go on as if the lock were free
            # Wait for the writer just before, so that only one thread wakes up at a time; then
            # for all earlier ones, as that writer may have given up before its turn.
            _lock(self._handle, fcntl.F_RDLCK, self._number - 1, 1, wait=True)
            _lock(self._handle, fcntl.F_RDLCK, 0, self._number, wait=True)
        with self._lock:
            if self._given_up:
                os.close(self._handle)
            else:
                self._has_turn.set()


def _draw(handle: int, end: float) -> int | None:
    """Draw the next number and lock its byte; return None if that takes longer than ``end``."""
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
    """Return a ``struct flock`` in the layout of this host's C library.

    :param kind: ``fcntl.F_RDLCK``, ``F_WRLCK`` or ``F_UNLCK``.
    :param start: the first byte, from the beginning of the file.
    :param length: how many bytes; 0 means up to the end of the file.
    """
    return _FLOCK.pack(kind, os.SEEK_SET, start, length, 0)


def _lock(handle: int, kind: int, start: int, length: int, *, wait: bool = False) -> bool:
    """Lock bytes for this open file description; return whether it succeeded.

    :raises OSError: if the file system or the kernel does not support such locks.
    """
    command = fcntl.F_OFD_SETLKW if wait else fcntl.F_OFD_SETLK
    try:
        fcntl.fcntl(handle, command, lock_request(kind, start, length))
    except (BlockingIOError, PermissionError):
        return False
    return True


def _unlock_all(handle: int) -> None:
    """Unlock all bytes.

    Closing the file is not enough: a process that was forked meanwhile holds the locks as well.
    """
    with suppress(OSError):
        _lock(handle, fcntl.F_UNLCK, 0, 0)
