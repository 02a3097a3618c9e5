"""Read the first queue in a forked process while the app is still loading.

The app needs two large libraries: Textual to draw and SQLAlchemy to query the database.  This
process is forked before either is loaded.  The child opens the desk and reads the first queue while
the parent loads Textual, so that on two cores both take the time of one.  The child only reads.  If
it fails it returns nothing; the app opens the desk itself in any case.

This module is loaded before Textual and imports neither library.
"""

import dataclasses
import gc
import os
import pickle
import shutil
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from helpdesk.desk.settings import Settings

if TYPE_CHECKING:
    from helpdesk.desk.queue.views import Glance


class QueuePrefetch:
    """The parent's handle on the child process that reads the first queue."""

    def __init__(self, process: int, pipe: BinaryIO) -> None:
        self._process: int | None = process
        self._pipe = pipe

    @classmethod
    def start(cls, settings: Settings) -> "QueuePrefetch":
        """Fork the child.  Call this while the process has one thread and has loaded little."""
        reading, writing = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(reading)
            _read_first_queue(settings, writing)
        os.close(writing)
        return cls(process, os.fdopen(reading, "rb"))

    def result(self) -> "Glance | None":
        """Wait for the child to end and return what it has read; None if it failed."""
        with self._pipe:
            found = self._pipe.read()
        self._wait()
        try:
            glance: Glance = pickle.loads(found)  # noqa: S301  (from our own child process)
        except (EOFError, pickle.UnpicklingError):  # the child failed or was killed
            return None
        return glance

    def cancel(self) -> None:
        """Kill the child if it is still running."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
            self._wait()

    def _wait(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(ChildProcessError):
                os.waitpid(process, 0)


def _read_first_queue(settings: Settings, writing: int) -> NoReturn:
    """Run as the child: write the first queue to the pipe and exit, without using the terminal.

    :param writing: the file descriptor of the pipe's writing end.
    """
    try:
        gc.disable()  # the process ends before there is much garbage
        lines = shutil.get_terminal_size().lines
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        from helpdesk.desk.opening import open_desk
        from helpdesk.desk.queue.glance import glance

        # Without an origin, because the app itself records the connection.
        desk = open_desk(dataclasses.replace(settings, origin=None))
        found = pickle.dumps(glance(desk, lines), pickle.HIGHEST_PROTOCOL)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(found)
    finally:
        # Skip exit handlers: those registered before the fork belong to the parent.
        os._exit(0)
