"""The terminal, told no more than it must be."""

from typing import Any

from textual.drivers.linux_driver import LinuxDriver

from helpdesk.tui.terminal.ascii_output import plain, shows_unicode
from helpdesk.tui.terminal.fewer_bytes import LeanOutput


class LeanDriver(LinuxDriver):
    """Textual's driver, through :class:`LeanOutput`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._output = LeanOutput()
        self._unicode = shows_unicode()

    def write(self, data: str) -> None:
        """Send output to the terminal."""
        lean = self._output.feed(data)
        if lean:
            super().write(lean if self._unicode else plain(lean))
