"""Run the real program in a pseudo-terminal whose output a terminal emulator reads."""

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
    """A terminal window in which a Python module or script runs."""

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
        """Read the program's output for this many seconds."""
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
        """The screen as lines of text."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait_for(self, condition: str | Callable[[str], bool], seconds: float = 60) -> str:
        """Read until the screen contains a text or fulfils a condition; return the screen."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read()
            found = condition in self.text if isinstance(condition, str) else condition(self.text)
            if found:
                return self.text
        raise AssertionError(f"{condition!r} did not appear on:\n{self.text}")

    def type(self, keys: str) -> None:
        """Send keys, all at once."""
        self.child.send(keys)

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the window."""
        self.child.setwinsize(rows, columns)
        self.screen.resize(rows, columns)

    def end(self) -> None:
        """Kill the program and close the window."""
        if self.child.isalive():
            os.kill(self.child.pid, signal.SIGKILL)
            self.child.wait()
        self.child.close()

    def break_line(self) -> None:
        """Close the window at once, whatever the program has still to write."""
        self.child.ptyproc.fileobj.close()

    def hang_up(self) -> None:
        """Hang up, as a closed connection does."""
        os.kill(self.child.pid, signal.SIGHUP)

    def wait_for_end(self) -> int:
        """Wait for the program to end and return its exit code; :attr:`raw` has all its output."""
        self.read(0.2)
        self.raw += self.child.read()
        self.child.wait()
        return self.child.exitstatus if self.child.exitstatus is not None else -1
