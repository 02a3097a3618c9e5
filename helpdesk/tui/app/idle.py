"""How long nobody has touched a key."""

import time

from textual import events

_TOUCHES = (
    *(events.Key, events.Paste),
    *(events.MouseDown, events.MouseScrollDown, events.MouseScrollUp),
)


class IdleWatch:
    """Counts from the last key, paste or click."""

    def __init__(self) -> None:
        self._limit_s: int | None = None
        self._touched_at = time.monotonic()

    def begin(self, limit_s: int | None) -> None:
        """Count from now on.

        :param limit_s: after how many seconds it is too long; None: never.
        """
        self._limit_s = limit_s
        self._touched_at = time.monotonic()

    def see(self, event: events.Event) -> None:
        """Look at an event of the app."""
        if isinstance(event, _TOUCHES):
            self._touched_at = time.monotonic()

    @property
    def sentence(self) -> str:
        """What to say when it was too long, or ""."""
        if self._limit_s is None or time.monotonic() - self._touched_at < self._limit_s:
            return ""
        minutes = self._limit_s // 60
        span = f"{minutes} minutes" if minutes > 1 else f"{self._limit_s} seconds"
        return f"no key was touched for {span}: signed out, what you typed is kept as a draft."
