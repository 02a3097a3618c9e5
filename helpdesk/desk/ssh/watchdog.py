"""Seeing that a connection ends when it must, whatever its process is busy with."""

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk.desk.ssh import connections
from helpdesk.domain.errors import DeskError
from helpdesk.error_log import log_crash

if TYPE_CHECKING:
    from helpdesk.desk.session import Desk

_EVERY_S = 2.0
#: How long a process that was told to end may take for it.
PATIENCE_S = 5.0


class Warden:
    """Asks every other second, on a thread of its own, whether the connection may stay.

    :param tell: told, on that thread, the sentence with which to end; a process that is still
        there :data:`PATIENCE_S` later is ended without further words.
    """

    def __init__(self, desk: "Desk", tell: Callable[[str], None]) -> None:
        self._desk = desk
        self._tell = tell
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="warden", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Watch no more; the desk can be closed then."""
        self._done.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(PATIENCE_S)

    def _watch(self) -> None:
        while not self._done.wait(_EVERY_S):
            sentence = self._sentence()
            if sentence:
                end_soon()
                self._tell(sentence)
                return

    def _sentence(self) -> str:
        try:
            return connections.must_leave(self._desk)
        except DeskError:
            return ""  # a database that is busy or gone is no reason to throw anybody out
        except Exception as error:
            # Nobody may stay because it cannot be told whether they may.
            return log_crash(error)


def end_soon() -> None:
    """See that this process ends within :data:`PATIENCE_S`, whatever keeps it."""
    timer = threading.Timer(PATIENCE_S, os._exit, (1,))
    timer.daemon = True
    timer.start()
