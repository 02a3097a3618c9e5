"""How long nobody has touched a key."""

import time

from textual import events

_TOUCHES = (
    *(events.Key, events.Paste),
    *(events.MouseDown, events.MouseScrollDown, events.MouseScrollUp),
)


class IdleWatch:
    """Counts from the last key, paste or click.

    :ivar limit_s: after how many seconds it is too long; None: never.
    """

    def __init__(self) -> None:
        self.limit_s: int | None = None
        self._touched_at = time.monotonic()

    def see(self, event: events.Event) -> None:
        """Look at an event of the app."""
        if isinstance(event, _TOUCHES):
            self._touched_at = time.monotonic()

    @property
    def sentence(self) -> str:
        """What to say when it was too long, or ""."""
        if self.limit_s is None or time.monotonic() - self._touched_at < self.limit_s:
            return ""
        minutes = self.limit_s // 60
        span = f"{minutes} minutes" if minutes > 1 else f"{self.limit_s} seconds"
        return f"no key was touched for {span}: signed out, what you typed is kept as a draft."
