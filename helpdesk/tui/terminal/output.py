"""Write to the terminal in a thread of its own, so that a line that stands still stops nobody.

A slow or broken connection takes no more output: a write then waits, possibly for ever.  The app
must go on reading keys and saving drafts meanwhile.
"""

import os
import termios
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress

#: How much output may wait, in bytes, before frames are skipped.
_WAITING_LIMIT = 64 << 10
#: The same for everything else, such as the clipboard; no terminal is switched that often.
_HARD_LIMIT = 1 << 20
_CHUNK = 1024
#: How long the terminal may take no output before the rest is given up at the end, in seconds.
_STUCK_S = 1.5
_LAST_WORDS_S = 0.3


class TerminalOutput:
    """The output to one terminal; none of its methods waits for it, except :meth:`stop`."""

    def __init__(self, descriptor: int, repaint: Callable[[], None]) -> None:
        """Start the thread.

        :param repaint: called by the thread when the terminal takes output again after frames were
            skipped: what it shows is old, and the whole screen must be painted.
        """
        self._descriptor = descriptor
        self._repaint = repaint
        self._changed = threading.Condition()
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._written = 0
        self._skipping = False
        self._stopping = False
        self._dead = False
        self._thread = threading.Thread(target=self._run, name="terminal-output", daemon=True)
        self._thread.start()

    def takes_frames(self) -> bool:
        """Return whether a frame is to be written now; if not, the newest is painted later."""
        with self._changed:
            if self._size >= _WAITING_LIMIT:
                self._skipping = True
            return not self._skipping

    def write(self, text: str) -> None:
        """Write a text when the terminal takes it; it is written whole or not at all."""
        data = text.encode("utf-8", "replace")
        with self._changed:
            if data and not self._dead and self._size < _HARD_LIMIT:
                self._waiting.append(data)
                self._size += len(data)
                self._changed.notify_all()

    def stop(self) -> None:
        """Write what is waiting and end the thread, unless the terminal takes no more output."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
            before = -1
            while self._thread.is_alive() and not self._dead and self._written != before:
                before = self._written
                self._changed.wait_for(lambda: self._dead or not self._size, _STUCK_S)
            stuck = not self._dead and self._size > 0
        if stuck:
            with suppress(termios.error):  # makes room for the last sequences
                termios.tcflush(self._descriptor, termios.TCOFLUSH)
        self._thread.join(_LAST_WORDS_S)

    def _run(self) -> None:
        while (data := self._next()) is not None:
            try:
                while data:
                    count = os.write(self._descriptor, data[:_CHUNK])
                    data = data[count:]
                    with self._changed:
                        self._size -= count
                        self._written += count
            except OSError:  # the line is gone
                break
        with self._changed:
            self._dead = True
            self._changed.notify_all()

    def _next(self) -> bytes | None:
        """Wait for output and return it; None if the thread is to end."""
        with self._changed:
            while not self._waiting:
                self._changed.notify_all()
                if self._stopping:
                    return None
                if self._skipping:
                    self._skipping = False
                    self._repaint()
                self._changed.wait()
            return self._waiting.popleft()
