"""The lock requests of the writer queue have the layout of the C library."""

import ctypes
import fcntl
import os
from pathlib import Path

import pytest

from helpdesk.store.database.writer_queue import lock_request


class _Flock(ctypes.Structure):
    """``struct flock`` with 64-bit offsets; ctypes uses the layout of the C compiler."""

    _fields_ = (
        ("type", ctypes.c_short),
        ("origin", ctypes.c_short),
        ("start", ctypes.c_int64),
        ("length", ctypes.c_int64),
        ("process", ctypes.c_int),
    )


@pytest.mark.parametrize(("start", "length"), [(0, 0), (7, 1), (2**33 + 5, 2**31), (2**62, 1)])
def test_a_request_has_the_layout_of_c(start: int, length: int) -> None:
    request = lock_request(fcntl.F_RDLCK, start, length)
    assert len(request) == ctypes.sizeof(_Flock)
    read = _Flock.from_buffer_copy(request)
    assert (read.type, read.origin, read.process) == (fcntl.F_RDLCK, os.SEEK_SET, 0)
    assert (read.start, read.length) == (start, length)


@pytest.mark.skipif(not hasattr(fcntl, "F_OFD_SETLK"), reason="only Linux has such locks")
def test_the_kernel_locks_the_bytes_that_are_asked_for(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w+b") as mine, (tmp_path / "file").open("r+b") as other:
        start, length = 2**33 + 5, 3
        fcntl.fcntl(mine, fcntl.F_OFD_SETLK, lock_request(fcntl.F_WRLCK, start, length))
        for first in (start - 1, start + length):
            fcntl.fcntl(other, fcntl.F_OFD_SETLK, lock_request(fcntl.F_WRLCK, first, 1))
        for taken in (start, start + length - 1):
            with pytest.raises((BlockingIOError, PermissionError)):
                fcntl.fcntl(other, fcntl.F_OFD_SETLK, lock_request(fcntl.F_WRLCK, taken, 1))
