"""What the process of somebody who came in over SSH may do with the host: nearly nothing.

This is the second fence.  The first is that no verb offers it; this one holds where a verb, or a
library beneath it, has a hole.  Python asks its audit hooks (PEP 578) before it starts a program or
opens a file, and a hook cannot be taken away again.
"""

import os
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
_DEVICES = ("/dev/tty", "/dev/pts/", "/dev/null", "/proc/self/fd/")


class Fence:
    """The audit hook: refuses with a :class:`PermissionError`.

    :param programs: the full paths of the programs that may be started.
    :param folders: where files may be written, made, moved and removed.
    """

    def __init__(self, programs: Iterable[str], folders: Iterable[Path]) -> None:
        self._programs = frozenset(programs)
        self._names = frozenset(Path(program).name for program in self._programs)
        self._folders = tuple(
            f"{os.path.realpath(folder)}{os.sep}" for folder in dict.fromkeys(folders)
        )

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Be asked by Python; say nothing, or refuse."""
        if event == "open":
            path, _, flags = arguments
            if flags & _WRITES:
                self._look_at(path)
        elif event in _STARTS:
            self._look_at_program(event, arguments)
        elif event in _CHANGES:
            for path in arguments[:2]:
                if isinstance(path, str | bytes | os.PathLike):
                    self._look_at(path)

    def _look_at(self, path: object) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return  # a descriptor: it was opened before, or it is the person's own terminal
        text = os.fsdecode(path)
        if text.startswith(_DEVICES):
            return
        # Of what is yet to be made, the folder tells where it would lie.
        real = f"{os.path.realpath(text)}{os.sep}"
        if not real.startswith(self._folders):
            raise PermissionError(1, "not allowed to those who come in over SSH", text)

    def _look_at_program(self, event: str, arguments: tuple[Any, ...]) -> None:
        named = arguments[0] if arguments else ""
        if event != "os.system" and isinstance(named, str | bytes | os.PathLike):
            program = os.fsdecode(named)
            # A bare name is looked for in PATH, which the door has set.
            if program in self._programs or program in self._names:
                return
        raise PermissionError(1, "no program may be started by those who come in over SSH")


def confine(programs: Iterable[str], folders: Iterable[Path]) -> None:
    """Put this process behind the fence, for good."""
    sys.dont_write_bytecode = True
    sys.addaudithook(Fence(programs, folders))
