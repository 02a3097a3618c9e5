"""Reading the first queue while the app is still being loaded.

The app needs two large libraries: one to draw and one to ask the database.  A copy of this process
is forked before either is loaded; it opens the desk and reads the first queue while this one
loads what draws.  Two cores do both in the time of one.  The copy only looks: whatever it cannot
do, it says nothing, and the app opens the desk by itself, as it does in any case.

This module is loaded before Textual and imports neither library.
"""

import dataclasses
import gc
import os
import pickle
import shutil
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

from helpdesk.desk.settings import Settings

if TYPE_CHECKING:
    from helpdesk.desk.queue.views import Glance


class Scout:
    """The copy that was sent ahead, seen from the app."""

    def __init__(self, process: int, pipe: BinaryIO) -> None:
        self._process: int | None = process
        self._pipe = pipe

    @classmethod
    def send(cls, settings: Settings) -> "Scout":
        """Fork the copy.  Call it while this process has one thread and has loaded little."""
        reading, writing = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(reading)
            _look(settings, writing)
        os.close(writing)
        return cls(process, os.fdopen(reading, "rb"))

    def report(self) -> "Glance | None":
        """Wait for what it has found, and for its end; None if it could not look."""
        with self._pipe:
            found = self._pipe.read()
        self._wait()
        try:
            glance: Glance = pickle.loads(found)  # noqa: S301  (from our own copy)
        except (EOFError, pickle.UnpicklingError):  # it ended before it was done
            return None
        return glance

    def call_back(self) -> None:
        """End it, whatever it is doing."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
            self._wait()

    def _wait(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(ChildProcessError):
                os.waitpid(process, 0)


def _look(settings: Settings, writing: int) -> None:
    """Be the copy: write the first queue into the pipe and end, without touching the terminal."""
    try:
        gc.disable()  # it ends before there is much garbage
        lines = shutil.get_terminal_size().lines
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        from helpdesk.desk.opening import open_desk
        from helpdesk.desk.queue.glance import glance

        # Without an origin: that somebody came in is for the app to record.
        desk = open_desk(dataclasses.replace(settings, origin=None))
        found = pickle.dumps(glance(desk, lines), pickle.HIGHEST_PROTOCOL)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(found)
    finally:
        # At once: what this process was to do at its end belongs to the app.
        os._exit(0)
