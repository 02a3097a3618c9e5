"""Confinement of a process that was started over SSH: no programs, no files outside its folders.

This is the second line of defence.  The first is that no command offers such a thing; this one
holds if a command, or a library that it uses, has a hole.  Python calls its audit hooks (PEP 578)
before it starts a program or opens a file, and a hook cannot be removed.
"""

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_STARTS = frozenset(
    {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "pty.spawn"}
)
_CHANGES = frozenset(
    {
        *("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink"),
        *("os.truncate", "os.chmod", "os.chown", "shutil.copytree", "shutil.move"),
    }
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_DEVICES = ("/dev/tty", "/dev/pts/", "/dev/null")
#: An open file by its descriptor; a name behind it would be a file in an open folder.
_OPEN_FILE = re.compile(r"/proc/self/fd/[0-9]+")


class AuditHook:
    """The audit hook, which refuses an operation with a :class:`PermissionError`.

    :param programs: the full paths of the programs that may be started.
    :param folders: the folders in which files may be created, changed, moved and removed.
    """

    def __init__(self, programs: Iterable[str], folders: Iterable[Path]) -> None:
        self._programs = frozenset(programs)
        self._names = frozenset(Path(program).name for program in self._programs)
        self._folders = tuple(
            f"{os.path.realpath(folder)}{os.sep}" for folder in dict.fromkeys(folders)
        )

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Check an audit event: return to allow it, raise to refuse it.

        :raises PermissionError: if the operation is not allowed.
        """
        if event == "open":
            path, _, flags = arguments
            if flags & _WRITES:
                self._check_path(path)
        elif event in _STARTS:
            self._check_program(event, arguments)
        elif event in _CHANGES:
            for path in arguments[:2]:
                if isinstance(path, str | bytes | os.PathLike):
                    self._check_path(path)

    def _check_path(self, path: object) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return  # a descriptor: checked when it was opened, or the user's terminal
        text = os.fsdecode(path)
        if text.startswith(_DEVICES) or _OPEN_FILE.fullmatch(text):
            return
        # realpath also resolves a file that does not exist yet: by its folder.
        real = f"{os.path.realpath(text)}{os.sep}"
        if not real.startswith(self._folders):
            raise PermissionError(1, "not allowed over SSH", text)

    def _check_program(self, event: str, arguments: tuple[Any, ...]) -> None:
        name = arguments[0] if arguments else ""
        if event != "os.system" and isinstance(name, str | bytes | os.PathLike):
            program = os.fsdecode(name)
            # A bare name is searched in PATH, which the forced command has set.
            if program in self._programs or program in self._names:
                return
        raise PermissionError(1, "no program may be started over SSH")


def confine(programs: Iterable[str], folders: Iterable[Path]) -> None:
    """Confine this process for the rest of its life."""
    sys.dont_write_bytecode = True
    sys.addaudithook(AuditHook(programs, folders))
