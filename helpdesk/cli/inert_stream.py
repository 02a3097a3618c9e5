"""Standard output and standard error on a terminal: what is printed cannot control it."""

from contextlib import suppress
from typing import Any, TextIO

from helpdesk.domain.text import inert


class InertStream:
    """A text stream to a terminal that shows control and invisible characters as signs.

    Everything that a command prints passes through it, so that no command has to remember it.
    Files and pipes get texts as they are stored: they are not wrapped.

    :ivar terminal: the stream itself, for output that is to move the cursor.
    """

    def __init__(self, terminal: TextIO) -> None:
        self.terminal = terminal

    def write(self, text: str) -> int:
        """Print a text in a harmless form; return its length."""
        self.terminal.write(inert(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Print several texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.terminal, name)


def rewrite_line(stream: Any, text: str, end: str = "") -> None:
    """Print a text over the current line of a terminal, for reports of progress."""
    terminal = getattr(stream, "terminal", stream)
    with suppress(OSError):  # the terminal is gone
        terminal.write(f"\r{inert(text)}{end}")
        terminal.flush()
