"""Standard input of a request over SSH, which knows for how long it has been waited for."""

import io
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO


class WatchedInput(io.RawIOBase):
    """Reads another stream, and remembers since when a reader waits for it."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._waiting_since: float | None = None

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Read what is there, at least one byte; 0 is the end of the stream."""
        self._waiting_since = time.monotonic()
        try:
            return int(self._source.readinto1(buffer))  # type: ignore[attr-defined]
        finally:
            self._waiting_since = None

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
def watched_input() -> Iterator[WatchedInput]:
    """Replace standard input by a watched one during the block."""
    before = sys.stdin
    watched = WatchedInput(before.buffer)
    sys.stdin = io.TextIOWrapper(io.BufferedReader(watched), encoding="utf-8", errors="replace")
    try:
        yield watched
    finally:
        sys.stdin = before
