"""Landlock: the Linux kernel keeps a thread, and what it starts, to a set of files and ports.

It is used through three system calls, which have no wrapper in the C library; see landlock(7) and
the kernel's ``include/uapi/linux/landlock.h``.  Unlike Python's audit hook it also sees what C
libraries and started programs do, and it cannot be taken off again.
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntFlag
from functools import cache
from pathlib import Path
from typing import Any

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
#: The machines on which the system calls have these numbers, as Python calls them.
_MACHINES = ("x86_64", "aarch64", "armv", "i386", "i686", "ppc64", "s390x", "riscv", "loongarch")
_VERSION = 1  # the flag that asks for the version of the interface
_PATH_BENEATH, _NET_PORT = 1, 2
_NO_NEW_PRIVILEGES = 38
_BIND, _CONNECT = 1, 2
_ABSTRACT_SOCKETS, _SIGNALS = 1, 2
#: The versions of the interface that brought these restrictions.
_ABI_TRUNCATE, _ABI_NET, _ABI_DEVICES, _ABI_SCOPE, _ABI_REFER = 3, 4, 5, 6, 2


class Allowed(IntFlag):
    """What may be done to a file or folder and all below it (``LANDLOCK_ACCESS_FS_*``)."""

    START, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = 1, 2, 4, 8, 16, 32
    MAKE_DEVICE, MAKE_DIR, MAKE_FILE, MAKE_SOCKET, MAKE_PIPE = 64, 128, 256, 512, 1024
    MAKE_BLOCK_DEVICE, MAKE_LINK, MOVE, TRUNCATE, CONTROL_DEVICE = 2048, 4096, 8192, 16384, 32768

    READ = READ_FILE | READ_DIR
    #: Change files that are there.
    WRITE = READ | WRITE_FILE | TRUNCATE
    #: Also create and remove plain files.
    CHANGE = WRITE | MAKE_FILE | REMOVE_FILE
    #: Also create, move and remove folders.
    ALL_BELOW = CHANGE | MAKE_DIR | REMOVE_DIR | MOVE
    RUN = START | READ_FILE
    DEVICE = READ_FILE | WRITE_FILE | CONTROL_DEVICE


_OF_FILES = (
    Allowed.START
    | Allowed.WRITE_FILE
    | Allowed.READ_FILE
    | Allowed.TRUNCATE
    | Allowed.CONTROL_DEVICE
)
_EVERY_RIGHT = Allowed(2**16 - 1)


@dataclass(frozen=True, slots=True)
class Ruleset:
    """What a thread, and what it starts, may touch; everything else is refused.

    :ivar paths: what is allowed below each path; paths that do not exist are left out.
    :ivar ports: the TCP ports that it may connect to; None: any.
    """

    paths: Mapping[Path, Allowed] = field(default_factory=dict)
    ports: frozenset[int] | None = frozenset()

    def also(self, paths: Iterable[Path], allowed: Allowed) -> "Ruleset":
        """Return a ruleset that allows this as well."""
        more = dict(self.paths)
        for path in paths:
            more[path] = more.get(path, Allowed(0)) | allowed
        return Ruleset(more, self.ports)


def abi() -> int:
    """Return the version of the kernel's Landlock interface; 0 if there is none."""
    return _probe()[0]


def why_not() -> str:
    """Return why there is no Landlock, in a few words; "" if there is."""
    return _probe()[1]


@cache
def _probe() -> tuple[int, str]:
    if sys.platform != "linux" or not platform.machine().startswith(_MACHINES):
        return 0, f"Landlock is not known on {platform.system()} on {platform.machine()}"
    try:
        return _call(_CREATE_RULESET, None, 0, _VERSION), ""
    except OSError as error:
        if error.errno == errno.EOPNOTSUPP:
            return 0, "Landlock was switched off when the kernel was started"
        return 0, f"Linux {platform.release()} has no Landlock"


class Restriction:
    """A ruleset that the kernel holds, ready for any number of threads.

    It is made before the audit hook stands, which would not allow its files to be opened.

    :raises OSError: if the kernel has no Landlock, or refuses a rule.
    """

    def __init__(self, rules: Ruleset) -> None:
        self._version = abi()
        self._descriptor = _create(self._version, restrict_ports=rules.ports is not None)
        for path, allowed in rules.paths.items():
            self.allow(path, allowed)
        if self._version >= _ABI_NET:
            for port in rules.ports or ():
                rule = struct.pack("=QQ", _CONNECT, port)
                _call(_ADD_RULE, self._descriptor, _NET_PORT, rule, 0)

    def allow(self, path: Path, allowed: Allowed) -> None:
        """Allow this below a path as well, unless there is no such path."""
        try:
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            return
        try:
            if not path.is_dir():
                allowed &= _OF_FILES
            rule = struct.pack("=Qi", allowed & _known(self._version), place)
            _call(_ADD_RULE, self._descriptor, _PATH_BENEATH, rule, 0)
        finally:
            os.close(place)

    def apply(self) -> None:
        """Restrict the calling thread, and what it starts from now on, for good.

        What threads may do that run already does not change.
        """
        if _libc().prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "a process cannot give up new privileges")
        _call(_RESTRICT_SELF, self._descriptor, 0)


def _create(version: int, *, restrict_ports: bool) -> int:
    ports = _BIND | _CONNECT if restrict_ports else _BIND
    attributes = struct.pack("=Q", _known(version))
    if version >= _ABI_NET:
        attributes += struct.pack("=Q", ports)
    if version >= _ABI_SCOPE:
        attributes += struct.pack("=Q", _ABSTRACT_SOCKETS | _SIGNALS)
    return _call(_CREATE_RULESET, attributes, len(attributes), 0)


def _known(version: int) -> Allowed:
    """Return the rights that this version of the interface knows."""
    unknown = Allowed(0)
    if version < _ABI_REFER:
        unknown |= Allowed.MOVE
    if version < _ABI_TRUNCATE:
        unknown |= Allowed.TRUNCATE
    if version < _ABI_DEVICES:
        unknown |= Allowed.CONTROL_DEVICE
    return _EVERY_RIGHT & ~unknown


@cache
def _libc() -> Any:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc


def _call(number: int, *arguments: "int | bytes | None") -> int:
    given = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    answer = int(_libc().syscall(ctypes.c_long(number), *given))
    if answer < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return answer
