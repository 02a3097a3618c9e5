"""Standard output and standard error that cannot be written: a full disk, a closed stream.

A command whose answer is lost must say so, and must say what it has done, so that nobody does it
again.  What cannot be written to standard error is dropped: the exit code still tells.
"""

import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from helpdesk.cli.inert_stream import InertStream


class OutputError(Exception):
    """Standard output cannot be written.

    It is no :class:`OSError`, because argparse ignores those, and no
    :class:`~helpdesk.domain.errors.DeskError`, because nothing is wrong with the desk.

    :ivar reason: why, in the operating system's words.
    """

    def __init__(self, error: OSError | None = None) -> None:
        super().__init__(error)
        self.reason = (error and error.strerror) or "it is closed"


class OutputStream:
    """Standard output; if it cannot be written, printing raises an :class:`OutputError`.

    A reader that stops reading (``| head``) is no such error: it raises a :class:`BrokenPipeError`.

    :param stream: where the text goes; None if the caller has closed the stream.
    """

    def __init__(self, stream: TextIO | InertStream | None) -> None:
        self._stream = stream
        if stream is None:
            # It takes the free descriptor, so that no file opened later is printed into.
            self._nowhere = os.open(os.devnull, os.O_WRONLY)

    def write(self, text: str) -> int:
        """Print a text; return its length.

        :raises OutputError: if it cannot be written.
        """
        if self._stream is None:
            if text:
                raise OutputError
            return 0
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(error) from error

    def writelines(self, lines: Any) -> None:
        """Print several texts."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Send what was printed so far.

        :raises OutputError: if it cannot be written.
        """
        if self._stream is None:
            return
        try:
            self._stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(error) from error

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._stream is not None and self._stream.isatty()

    def drop(self) -> None:
        """Send what was not written yet, and what follows, nowhere.

        Otherwise Python tries once more while it exits, and changes the exit code.
        """
        with suppress(OSError, ValueError, AttributeError):
            number = self._stream.fileno() if self._stream is not None else self._nowhere
            os.dup2(os.open(os.devnull, os.O_WRONLY), number)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class ErrorStream(OutputStream):
    """Standard error; what cannot be written there is dropped."""

    def write(self, text: str) -> int:
        """Print a text if that is possible; return its length."""
        try:
            super().write(text)
        except (OutputError, BrokenPipeError):
            self.drop()
        return len(text)

    def flush(self) -> None:
        """Send what was printed so far, if that is possible."""
        try:
            super().flush()
        except (OutputError, BrokenPipeError):
            self.drop()


def make_streams_safe() -> None:
    """Make printing safe, for commands that succeeded and for the terminal.

    Characters that the output encoding lacks are printed as backslash escapes, so that no command
    fails because of its output.  What goes to a terminal is made harmless, and so are
    all messages: they end on one.
    """
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115  (stays open)
    for name, kind in (("stdout", OutputStream), ("stderr", ErrorStream)):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, kind(None))
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
            harmless = name == "stderr" or stream.isatty()
            setattr(sys, name, kind(InertStream(stream) if harmless else stream))
