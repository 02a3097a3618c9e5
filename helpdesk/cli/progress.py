"""Tell people on standard error how far a command is, once it has taken more than a second."""

import sys
import time
from contextlib import suppress
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

from helpdesk.cli.inert_stream import rewrite_line
from helpdesk.domain.i18n import _

#: A command that ends before this says nothing of its progress.
_QUIET_S = 1.0
#: How often the line on a terminal is written again.
_EVERY_S = 0.5
#: How often a line is added to a file or pipe.
_EVERY_IN_FILE_S = 2.0


class Progress:
    """Says how far the work of a ``with`` block is.

    On a terminal one line is rewritten, and cleared at the end.  Its seconds go on during work that
    tells nothing.  A file or pipe gets a line now and then, if ``in_files`` asks for that.

    :param what: what is being done: ``making tickets``.
    :param in_files: whether to report to a standard error that is no terminal as well.
    :param shown: whether to report at all, for commands that print their answer while they work.
    """

    def __init__(self, what: str, *, in_files: bool = False, shown: bool = True) -> None:
        self._what = what
        self._on_terminal = shown and sys.stderr.isatty()
        self._in_files = shown and in_files and not self._on_terminal
        self._began = self._printed_at = time.monotonic()
        self._done = ""
        self._width = 0
        self._over = Event()
        self._painting = Lock()
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        """Begin to count the time."""
        self._began = self._printed_at = time.monotonic()
        if self._on_terminal:
            thread = Thread(target=self._keep_painting, name="progress", daemon=True)
            with suppress(RuntimeError):  # no memory for a thread: the work matters more
                thread.start()
                self._thread = thread
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Clear the line."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        self.clear()

    def __call__(self, done: int, total: int) -> None:
        """Note how much is done."""
        self.note(_("{done:,} of {total:,}").format(done=done, total=total))

    def note(self, text: str) -> None:
        """Note in words how much is done, or which part of the work is going on."""
        self._done = text
        now = time.monotonic()
        due = now - self._began >= _QUIET_S and (
            now - self._printed_at >= _EVERY_IN_FILE_S or self._printed_at == self._began
        )
        if self._in_files and due:
            self._printed_at = now
            print(f"{self._what}: {text}", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Clear the line, so that something else can be printed."""
        with self._painting:
            if self._width:
                rewrite_line(sys.stderr, " " * self._width, "\r")
            self._width = 0

    def _keep_painting(self) -> None:
        wait = _QUIET_S
        while not self._over.wait(wait):
            wait = _EVERY_S
            seconds = time.monotonic() - self._began
            line = ": ".join(part for part in (self._what, self._done) if part)
            line = f"{line} … {seconds:.0f} s"
            with self._painting:
                padding = " " * (self._width - len(line))
                self._width = max(self._width, len(line))
                rewrite_line(sys.stderr, line + padding)
