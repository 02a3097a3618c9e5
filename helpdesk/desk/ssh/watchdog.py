"""End a connection over SSH when it must end, even if its process is busy or hangs."""

import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from helpdesk.desk.ssh import connections
from helpdesk.domain.errors import DeskError
from helpdesk.error_log import log_crash
from helpdesk.ssh.process import kill_soon

if TYPE_CHECKING:
    from helpdesk.desk.session import Desk

_EVERY_S = 2.0
#: How long a process may take to end after it was asked to, in seconds.
_GRACE_S = 5.0
_CLIENT_GONE = "the SSH client is gone."


class Watchdog:
    """Checks every two seconds in a thread of its own whether the connection may go on.

    :param tell: called in that thread with the sentence that says why the connection ends. If the
        process is still running five seconds later, it is killed.
    :param is_client_gone: whether the SSH client has left.
    :param idle: returns the sentence with which an idle connection ends, or "".
    """

    def __init__(
        self,
        desk: "Desk",
        tell: Callable[[str], None],
        is_client_gone: Callable[[], bool],
        idle: Callable[[], str] = lambda: "",
    ) -> None:
        self._desk = desk
        self._tell = tell
        self._is_client_gone = is_client_gone
        self._idle = idle
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Start checking."""
        self._thread.start()

    def stop(self) -> None:
        """Stop checking; the desk may be closed after that."""
        self._done.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(_GRACE_S)

    def _watch(self) -> None:
        while not self._done.wait(_EVERY_S):
            sentence = self._sentence()
            if sentence:
                kill_soon(_GRACE_S, partial(connections.unregister, self._desk))
                self._tell(sentence)
                return

    def _sentence(self) -> str:
        if self._is_client_gone():
            return _CLIENT_GONE
        try:
            return connections.reason_to_end(self._desk) or self._idle()
        except DeskError:
            return ""  # A busy or unreachable database is no reason to end a connection.
        except Exception as error:
            # If the check itself fails, the connection must end.
            return log_crash(error)
