"""Standard input of a request over SSH, which knows for how long it has been waited for."""

import io
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from helpdesk.cli.exit_codes import ExitCode
from helpdesk.cli.ssh.request_end import RequestEndedError

#: How long after the end of the input a client may turn out to be gone: sshd closes the streams of
#: a lost connection one after the other.
_END_S = 0.05
_AGAIN_S = 0.01


class WatchedInput(io.RawIOBase):
    """Reads another stream, and remembers since when a reader waits for it.

    :param is_client_gone: whether the client has left: then the end of the stream is no end, and
        what was sent until then must not be saved.
    """

    def __init__(self, source: BinaryIO, is_client_gone: Callable[[], bool]) -> None:
        self._source = source
        self._is_client_gone = is_client_gone
        self._waiting_since: float | None = None

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Read what is there, at least one byte; 0 is the end of the stream.

        :raises RequestEndedError: if it has ended because the client is gone.
        """
        self._waiting_since = time.monotonic()
        try:
            count = int(self._source.readinto1(buffer))  # type: ignore[attr-defined]
        finally:
            self._waiting_since = None
        if count == 0:
            self._require_client()
        return count

    def _require_client(self) -> None:
        end = time.monotonic() + _END_S
        while not self._is_client_gone():
            if time.monotonic() > end:
                return
            time.sleep(_AGAIN_S)
        raise RequestEndedError(int(ExitCode.REFUSED))

    def idle_sentence(self, idle_s: int | None) -> str:
        """Return the sentence with which a request must end that waits for too long, or "".

        :param idle_s: the seconds without input after which it must end; None: never.
        """
        since = self._waiting_since
        if idle_s is None or since is None or time.monotonic() - since < idle_s:
            return ""
        return (
            f"nothing came on standard input for {idle_s} seconds, so the request was ended; "
            "send the input without a pause."
        )


@contextmanager
def watched_input(is_client_gone: Callable[[], bool]) -> Iterator[WatchedInput]:
    """Replace standard input by a watched one during the block."""
    before = sys.stdin
    watched = WatchedInput(before.buffer, is_client_gone)
    sys.stdin = io.TextIOWrapper(io.BufferedReader(watched), encoding="utf-8", errors="replace")
    try:
        yield watched
    finally:
        sys.stdin = before
