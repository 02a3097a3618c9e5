"""The terminal driver: sends few bytes, none of them harmful, in ASCII where needed."""

from typing import Any

from textual.drivers.linux_driver import LinuxDriver

from helpdesk.tui.terminal.ascii_output import shows_unicode, to_ascii
from helpdesk.tui.terminal.fewer_bytes import LeanOutput


class LeanDriver(LinuxDriver):
    """Textual's Linux driver, with its output shortened by :class:`LeanOutput`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._output = LeanOutput()
        self._unicode = shows_unicode()

    def write(self, data: str) -> None:
        """Send output to the terminal."""
        lean = self._output.feed(data)
        if lean:
            super().write(lean if self._unicode else to_ascii(lean))
