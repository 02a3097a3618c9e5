"""The terminal driver: sends few bytes, none of them harmful, and never waits for the terminal."""

import asyncio
import os
import re
import selectors
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from helpdesk.text_encoding import input_encoding
from helpdesk.tui.terminal.ascii_output import shows_unicode, to_ascii
from helpdesk.tui.terminal.fewer_bytes import LeanOutput
from helpdesk.tui.terminal.output import TerminalOutput
from helpdesk.tui.terminal.sequences import SILENT
from helpdesk.tui.terminal.typed_bytes import TypedBytes, key_delay_s

#: Sequences that must arrive even if frames are skipped, because nothing repeats them.
_SWITCHES = re.compile(rf"(?:{SILENT})+")
_FRAME_BEGINS = "\x1b[?2026h"
_READ_BYTES = 4096


class LeanDriver(LinuxDriver):
    """Textual's Linux driver; what the terminal does not take in time is not sent to it.

    :ivar on_line_lost: called by the input thread if the terminal is gone.
    """

    on_line_lost: Callable[[], None] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._size = self._get_terminal_size()  # before the first resize
        self._lean = LeanOutput()
        self._unicode = shows_unicode()
        self._output: TerminalOutput | None = None
        self._all_read = asyncio.Event()
        self._asked = threading.Event()

    def start_application_mode(self) -> None:
        """Begin to write to the terminal and to read from it."""
        assert self._file is not None  # noqa: S101  (the app was started in a terminal)
        self._output = TerminalOutput(self._file.fileno(), self._repaint_soon)
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def write(self, data: str) -> None:
        """Send output to the terminal; frames that it takes too slowly are skipped."""
        output = self._output
        if output is None:
            return
        switches = data != _FRAME_BEGINS and _SWITCHES.fullmatch(data)
        if switches or output.takes_frames():
            lean = self._lean.feed(data)
            output.write(lean if self._unicode else to_ascii(lean))

    def close(self) -> None:
        """Send what is waiting, unless the terminal takes nothing more, and stop writing."""
        super().close()
        if self._output is not None:
            self._output.stop()
            self._output = None

    def _repaint_soon(self) -> None:
        def repaint() -> None:
            if self._output is not None and self._app.screen_stack:
                self._app.refresh(layout=True)

        with suppress(RuntimeError):  # the loop was closed
            self._loop.call_soon_threadsafe(repaint)

    async def read_typed_keys(self) -> None:
        """Wait until all keys that have arrived were read and passed to the app."""
        if self._key_thread is not None and self._key_thread.is_alive():
            self._all_read.clear()
            self._asked.set()
            await self._all_read.wait()

    def run_input_thread(self) -> None:
        """Read keys and pass them to the app, until the app ends or the terminal is gone."""
        typed = TypedBytes(input_encoding(), key_delay_s())
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(typed.wait_s):
                    data = self._read()
                    if not data:
                        self._line_lost()
                        break
                    for event in typed.feed(data):
                        self._pass_on(event)
                elif self._asked.is_set() and not typed.has_part:
                    self._acknowledge()
                for event in typed.tick():
                    self._pass_on(event)

    def _pass_on(self, event: Message) -> None:
        if isinstance(event, events.Resize):  # the terminal's own size counts, not what it reports
            size = Size(*self._get_terminal_size())
            event = events.Resize(size, size, pixel_size=event.pixel_size)
        self.process_message(event)

    def _get_terminal_size(self) -> tuple[int, int]:
        """Return the size of the terminal itself, whatever ``COLUMNS`` and ``LINES`` say."""
        for descriptor in (self.fileno, 1, 2):
            with suppress(OSError):
                width, height = os.get_terminal_size(descriptor)
                if width and height:
                    return width, height
        return super()._get_terminal_size()

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, _READ_BYTES)
        except OSError:
            return b""

    def _acknowledge(self) -> None:
        self._asked.clear()
        self._loop.call_soon_threadsafe(self._all_read.set)

    def _line_lost(self) -> None:
        self._loop.call_soon_threadsafe(self._all_read.set)
        if self.on_line_lost is not None:
            self.on_line_lost()
