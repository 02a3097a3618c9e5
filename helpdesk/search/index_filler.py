"""Completing the search index while nobody waits for it."""

import contextlib
import os
import threading
from collections.abc import Callable, Iterable, Sequence

from helpdesk.error_log import log_crash

#: A piece of work, after which it is seen whether to go on.
_PIECE_S = 0.25
#: A breath between two pieces, and the wait for another process that is at the same work.
_BREATH_S = 0.05
_LOWEST_PRIORITY = 19


class Filler:
    """Does a long work in pieces, in a thread of the lowest priority that ends when it is done."""

    def __init__(
        self, piece: Callable[[Sequence[int], float], bool], finished: Callable[[], None]
    ) -> None:
        """Prepare the work.

        :param piece: does the next piece, within about so many seconds, beginning with some
            documents; returns whether all is done.
        :param finished: called each time all is done, when :attr:`is_running` is false again.
        """
        self._piece = piece
        self._finished = finished
        self._wanted: set[int] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        """Whether it is at work."""
        return self._thread is not None

    def fill(self, wanted: Iterable[int]) -> None:
        """See to it that the work is done, of these documents first."""
        with self._lock:
            self._wanted.update(wanted)
            if self._thread is None and not self._stop.is_set():
                self._thread = threading.Thread(target=self._run, name="index-filler", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """End it after the piece that is under way."""
        self._stop.set()
        with self._lock:
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _run(self) -> None:
        with contextlib.suppress(OSError):  # of this thread alone, as Linux has it
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST_PRIORITY)
        while not self._stop.is_set():
            with self._lock:
                wanted, self._wanted = self._wanted, set()
            try:
                done = self._piece(sorted(wanted), _PIECE_S)
            except Exception as error:
                # A defect, not to be shown on whatever screen is open: the next search tries again.
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
                self._stop.wait(_BREATH_S)
