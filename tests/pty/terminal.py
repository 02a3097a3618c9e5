"""The real program in a real pseudo-terminal, with a terminal emulator that reads what it draws."""

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import pexpect
import pyte

ROOT = Path(__file__).resolve().parents[2]
F2, F5 = "\x1bOQ", "\x1b[15~"
CTRL_S, ESCAPE, ENTER, TAB = "\x13", "\x1b", "\r", "\t"
UP, DOWN = "\x1b[A", "\x1b[B"


class Terminal:
    """A window of so many columns and rows in which a Python module (or script) runs."""

    def __init__(
        self,
        *arguments: str,
        env: Mapping[str, str],
        columns: int = 80,
        rows: int = 24,
        module: str | None = "helpdesk",
        program: str = sys.executable,
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.child: Any = pexpect.spawn(
            program,
            [*(["-m", module] if module else []), *arguments],
            env=cast(Any, dict(env)),
            cwd=ROOT,
            dimensions=(rows, columns),
            timeout=30,
        )

    def read(self, seconds: float = 0.05) -> None:
        """Take in what the program draws for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                data = self.child.read_nonblocking(65536, timeout=left)
            except pexpect.TIMEOUT:
                return
            except pexpect.EOF:
                return
            self.raw += data
            self._stream.feed(data)

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait_for(self, condition: str | Callable[[str], bool], seconds: float = 60) -> str:
        """Read until a text is on screen, or something is true of it; return the screen."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read()
            found = condition in self.text if isinstance(condition, str) else condition(self.text)
            if found:
                return self.text
        raise AssertionError(f"{condition!r} did not appear on:\n{self.text}")

    def type(self, keys: str) -> None:
        """Send keys, all in one go."""
        self.child.send(keys)

    def resize(self, columns: int, rows: int) -> None:
        """Change the window's size, as dragging its corner does."""
        self.child.setwinsize(rows, columns)
        self.screen.resize(rows, columns)

    def end(self) -> None:
        """Close the window for good, however busy the program is."""
        if self.child.isalive():
            os.kill(self.child.pid, signal.SIGKILL)
            self.child.wait()
        self.child.close()

    def hang_up(self) -> None:
        """Close the connection."""
        os.kill(self.child.pid, signal.SIGHUP)

    def wait_for_end(self) -> int:
        """Return the exit code; what was printed last is in :attr:`raw`."""
        self.read(0.2)
        self.raw += self.child.read()
        self.child.wait()
        return self.child.exitstatus if self.child.exitstatus is not None else -1
