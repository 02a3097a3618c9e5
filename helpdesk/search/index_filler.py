"""Completing the search index in a background thread."""

import contextlib
import os
import threading
from collections.abc import Callable, Iterable, Sequence

from helpdesk.error_log import log_crash

#: The length of a piece of work in seconds; between two pieces the thread can be stopped.
_PIECE_S = 0.25
#: The pause between two pieces, in seconds, in which another process can do the same work.
_PAUSE_S = 0.05
_LOWEST_PRIORITY = 19


class IndexFiller:
    """Does long work in pieces, in a thread of the lowest priority that ends when it is done."""

    def __init__(
        self, piece: Callable[[Sequence[int], float], bool], finished: Callable[[], None]
    ) -> None:
        """Prepare the work.

        :param piece: ``piece(documents, seconds)`` does the next piece within about that time,
            these documents first; returns whether everything is done.
        :param finished: called each time everything is done, after :attr:`is_running` became
            false.
        """
        self._piece = piece
        self._finished = finished
        self._wanted: set[int] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        """Whether the thread is running."""
        return self._thread is not None

    def fill(self, wanted: Iterable[int]) -> None:
        """Start the work if it is not running; do these documents first."""
        with self._lock:
            self._wanted.update(wanted)
            if self._thread is None and not self._stop.is_set():
                thread = threading.Thread(target=self._run, name="index-filler", daemon=True)
                # Where the host allows no more threads, the next search does the next piece.
                with contextlib.suppress(RuntimeError, MemoryError):
                    thread.start()
                    self._thread = thread

    def stop(self) -> None:
        """Stop the thread after the current piece and wait for it."""
        self._stop.set()
        with self._lock:
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _run(self) -> None:
        with contextlib.suppress(OSError):  # on Linux it applies to this thread only
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST_PRIORITY)
        while not self._stop.is_set():
            with self._lock:
                wanted, self._wanted = self._wanted, set()
            try:
                done = self._piece(sorted(wanted), _PIECE_S)
            except Exception as error:
                # A bug: log it instead of printing it over the app; the next search tries again.
                log_crash(error)
                with self._lock:
                    self._thread = None
                return
            with self._lock:
                ends = done and not self._wanted
                if ends:
                    self._thread = None
            if ends:
                self._finished()
                return
            if not done:
                self._stop.wait(_PAUSE_S)
