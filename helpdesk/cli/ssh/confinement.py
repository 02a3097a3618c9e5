"""Confinement of a process that was started over SSH: the second and the third fence.

The first fence is that no command offers a way out of the desk.  These two hold if a command, or a
library that it uses, has a hole.  Python calls its audit hooks (PEP 578) before it opens a file or
starts a program, and a hook cannot be removed; but it does not see what C libraries and started
programs do.  The kernel does, where it has Landlock.
"""

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpdesk.desk.ssh.fence import Fence, own_temporary_folder
from helpdesk.desk.ssh.program_files import real_and_named
from helpdesk.domain.errors import FencedError, UnavailableError
from helpdesk.domain.text import one_line
from helpdesk.ssh import landlock
from helpdesk.ssh.programs import restrict_programs

_STARTS = frozenset(
    {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "pty.spawn"}
)
#: By event: the places of each path among its arguments, and of the descriptor of the folder to
#: which a relative path belongs.
_CHANGES: dict[str, tuple[tuple[int, int | None], ...]] = {
    **dict.fromkeys(("os.rename", "os.link"), ((0, 2), (1, 3))),
    **dict.fromkeys(("os.remove", "os.rmdir"), ((0, 1),)),
    **dict.fromkeys(("os.mkdir", "os.chmod"), ((0, 2),)),
    **dict.fromkeys(("os.chown", "os.utime"), ((0, 3),)),
    **dict.fromkeys(("os.truncate", "os.setxattr", "os.removexattr", "os.chflags"), ((0, None),)),
}
_LISTS = frozenset({"os.listdir", "os.scandir", "os.getxattr", "os.listxattr"})
#: What no command does: make links, load code in other ways, and open connections by itself.
_NEVER = {
    "os.symlink": "a symbolic link was not made",
    "sqlite3.enable_load_extension": "an extension of SQLite was not loaded",
    "sqlite3.load_extension": "an extension of SQLite was not loaded",
    "socket.connect": "a connection was not opened",
    "socket.bind": "a connection was not opened",
    "socket.sendto": "a message was not sent",
    "socket.sendmsg": "a message was not sent",
}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_DEVICES = frozenset({"/dev/null", "/dev/tty"})
_READ_DEVICES = frozenset({"/dev/random", "/dev/urandom"})
_STREAMS = frozenset(f"/proc/self/fd/{number}" for number in range(3))
#: What this process reads about the host and about processes.
_OF_KERNEL = re.compile(
    r"/proc/(self/(stat|status|mountinfo|fd/?)|[0-9]+/stat|cpuinfo|meminfo|locks)"
)
_TELL = "tell the host's administrator"


class AuditHook:
    """The audit hook, which refuses an operation with a :class:`FencedError`."""

    def __init__(self, fence: Fence) -> None:
        self._programs = frozenset(map(str, fence.programs))
        self._program_names = frozenset(path.name for path in fence.programs)
        self._program = tuple(f"{path}{os.sep}" for path in real_and_named(fence.program))
        self._reads = _real((*fence.program, *fence.reads))
        self._read_folders = tuple(f"{path}{os.sep}" for path in self._reads)
        self._writes = _real(fence.writes)
        self._write_folders = tuple(f"{path}{os.sep}" for path in self._writes)
        self._names = fence.names
        self._devices = _DEVICES | {fence.terminal} - {""}

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Check an audit event: return to allow it, raise to refuse it.

        :raises FencedError: if the operation is not allowed.
        """
        if event == "open":
            path, _, flags = arguments
            self._check(path, writes=bool(flags & _WRITES))
        elif event in _LISTS:
            self._check(arguments[0], writes=False)
        elif event in _CHANGES:
            self._check_change(event, arguments)
        elif event in _STARTS:
            self._check_program(event, arguments)
        elif event == "sqlite3.connect":
            self._check_database(arguments[0])
        elif event == "ctypes.dlopen" and arguments[0] is not None:
            raise FencedError(f"a library was not loaded over SSH: {_TELL}.")
        elif event in _NEVER:
            raise FencedError(f"{_NEVER[event]} over SSH: {_TELL}.")

    def _check(self, path: object, *, writes: bool) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return  # a descriptor: checked when it was opened, or the user's terminal
        text = os.fsdecode(path)
        if not writes and text.startswith(self._program) and f"{os.sep}.." not in text:
            return  # without asking the disk, because most of what is opened are modules
        if text in self._devices or text in _STREAMS or self._may_write(text):
            return
        if writes:
            raise FencedError(
                f"{one_line(text)[:200]} was not changed, because over SSH this command writes "
                f"nothing there: {_TELL}."
            )
        if not self._may_read(text):
            raise FencedError(
                f"{one_line(text)[:200]} was not opened, because over SSH this command reads "
                f"nothing there: {_TELL}."
            )

    def _may_write(self, text: str) -> bool:
        # realpath also resolves a file that does not exist yet: by its folder.
        real = os.path.realpath(text)
        if self._names.fullmatch(real) or real in self._writes:
            return True
        # What git keeps is changed by git alone.
        return real.startswith(self._write_folders) and "/.git/" not in f"{real}/"

    def _may_read(self, text: str) -> bool:
        real = os.path.realpath(text)
        return (
            text in _READ_DEVICES
            or _OF_KERNEL.fullmatch(text) is not None
            or real in self._reads
            or real.startswith((*self._read_folders, *self._write_folders))
        )

    def _check_change(self, event: str, arguments: tuple[Any, ...]) -> None:
        for place, folder_place in _CHANGES[event]:
            path = arguments[place]
            if not isinstance(path, str | bytes | os.PathLike):
                continue
            folder = -1 if folder_place is None else arguments[folder_place]
            text = _below(folder, os.fsdecode(path))
            if event == "os.mkdir" and Path(text).is_dir():
                continue  # it changes nothing
            self._check(text, writes=True)

    def _check_program(self, event: str, arguments: tuple[Any, ...]) -> None:
        name = arguments[0] if arguments else ""
        if event == "subprocess.Popen" and isinstance(name, str | bytes | os.PathLike):
            program = os.fsdecode(name)
            # A bare name is searched in PATH, which the forced command has set.
            if program in self._programs or program in self._program_names:
                return
        raise FencedError(
            f"a program was not started, because over SSH this command starts none of that name: "
            f"{_TELL}."
        )

    def _check_database(self, name: object) -> None:
        if not isinstance(name, str | bytes | os.PathLike):
            return
        text = os.fsdecode(name)
        if text not in ("", ":memory:"):
            self._check(text, writes=True)


def _real(paths: Iterable[Path]) -> frozenset[str]:
    return frozenset(os.path.realpath(path) for path in paths)


def _below(folder: object, path: str) -> str:
    """Return the path of a file that is named relative to an open folder; -1 means the current."""
    if not isinstance(folder, int) or folder < 0 or path.startswith(os.sep):
        return path
    return f"/proc/self/fd/{folder}/{path}"


def confine(fence: Fence) -> None:
    """Confine this process for the rest of its life; call it before it starts a thread.

    Without Landlock in the kernel the audit hook stands alone: ``helpdesk doctor`` says so.

    :raises UnavailableError: if the kernel has Landlock and refuses to use it.
    """
    sys.dont_write_bytecode = True
    folder = str(own_temporary_folder())
    os.environ["TMPDIR"] = os.environ["SQLITE_TMPDIR"] = folder
    # No module is looked for where somebody might have put one, such as the current folder.
    allowed = frozenset(map(str, fence.program))
    sys.path[:] = [place for place in sys.path if place in allowed]
    if landlock.abi():
        try:
            programs = {
                name: landlock.Restriction(rules) for name, rules in fence.program_rules.items()
            }
            landlock.Restriction(fence.rules).apply()
        except OSError as error:
            raise UnavailableError(
                f"the kernel cannot confine this connection ({error.strerror}): ask the host's "
                "administrator to look at 'helpdesk doctor'."
            ) from error
        restrict_programs(programs)
    sys.addaudithook(AuditHook(fence))
