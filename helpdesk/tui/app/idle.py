"""Detect that the user has been idle for too long."""

import time

from textual import events

_INPUT_EVENTS = (
    *(events.Key, events.Paste),
    *(events.MouseDown, events.MouseScrollDown, events.MouseScrollUp),
)


class IdleTimer:
    """Measures the time since the last key, paste, click or scroll.

    :ivar limit_s: the number of seconds after which the user counts as idle; None: never.
    """

    def __init__(self) -> None:
        self.limit_s: int | None = None
        self._last_input_at = time.monotonic()

    def record_event(self, event: events.Event) -> None:
        """Restart the measurement if the event is user input."""
        if isinstance(event, _INPUT_EVENTS):
            self._last_input_at = time.monotonic()

    @property
    def message(self) -> str:
        """Why the user is signed out; "" while the limit is not reached."""
        limit_s = self.limit_s
        if limit_s is None or time.monotonic() - self._last_input_at < limit_s:
            return ""
        minutes = limit_s // 60
        span = f"{minutes} minutes" if minutes > 1 else f"{limit_s} seconds"
        return f"no key was pressed for {span}: signed out, what you typed is saved as a draft."
