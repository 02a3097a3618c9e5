"""Ending a request over SSH early, so that nothing of it is left."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any

from helpdesk.cli.exit_codes import ExitCode
from helpdesk.domain.text import one_line
from helpdesk.ssh.request_limits import PROCESSOR_SIGNAL, RequestLimits

#: What :meth:`RequestEnd.end` sends to the main thread, to interrupt what it waits for.
_WAKE = signal.SIGUSR1
_HANG_UPS = (signal.SIGHUP, signal.SIGTERM)


class RequestEndedError(SystemExit):
    """The request must end: raised in the main thread, wherever it is.

    It is no :class:`Exception`, so that only code that cleans up catches it: transactions are
    rolled back, unfinished files removed, and the connection is taken off the list.
    """


class RequestEnd:
    """Ends the request in the main thread; a context manager, entered by the main thread.

    Within the block, SIGHUP, SIGTERM and the end of the processor time end the request as well.
    """

    def __init__(self, limits: RequestLimits) -> None:
        self._limits = limits
        self._code: ExitCode | None = None
        self._raised = False
        self._handlers: dict[signal.Signals, Any] = {}
        self._main = threading.main_thread()

    def __enter__(self) -> "RequestEnd":
        self._handle(_WAKE, self._raise)
        for number in _HANG_UPS:
            self._handle(number, self._hang_up)
        self._handle(PROCESSOR_SIGNAL, self._out_of_time)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def end(self, sentence: str, code: ExitCode = ExitCode.NOT_PERMITTED) -> None:
        """End the request with this sentence; may be called by any thread, and more than once."""
        self._say(sentence, code)
        with suppress(ProcessLookupError):
            signal.pthread_kill(self._main.ident or 0, _WAKE)

    def out_of_time(self) -> str:
        """Return the sentence for a request that has used up its processor time, or "".

        For a thread that watches the main thread, which handles no signal while a library computes.
        """
        most = self._limits.processor_s
        if most is None or time.process_time() < most:
            return ""
        sentence = self._limits.processor_time_sentence()
        self._say(sentence, ExitCode.REFUSED)
        return sentence

    def _say(self, sentence: str, code: ExitCode) -> None:
        if self._code is not None:
            return
        self._code = code
        # By the descriptor: the main thread may hold the lock of sys.stderr.
        with suppress(OSError):
            os.write(2, f"helpdesk: {one_line(sentence)}\n".encode(errors="replace"))

    def _handle(self, number: signal.Signals, handler: Callable[..., None]) -> None:
        self._handlers[number] = signal.signal(number, handler)

    def _raise(self, number: int, frame: FrameType | None) -> None:
        if self._code is None or self._raised:
            return  # a signal of somebody else, or the request is ending already
        self._raised = True
        raise RequestEndedError(int(self._code))

    def _hang_up(self, number: int, frame: FrameType | None) -> None:
        if self._code is None:
            self._code = ExitCode.REFUSED
        self._raise(number, frame)

    def _out_of_time(self, number: int, frame: FrameType | None) -> None:
        self._say(self._limits.processor_time_sentence(), ExitCode.REFUSED)
        self._raise(number, frame)


def discard_output() -> None:
    """Drop what is still to be printed: nobody may be there who takes it."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
