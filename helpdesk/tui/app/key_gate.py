"""Decide for each key whether the screen for which it was typed is still there.

Keys may be typed ahead: those behind a key that opens a screen go to that screen.  Keys that were
typed for a screen that closes go with it: they must not act on the screen below, which was not on
the terminal when they were typed.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.screen import Screen

from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.tui.widgets.too_small import is_too_small

#: For how long after the key that drops a draft a letter still belongs to the words that were being
#: typed, in seconds; and for how long after a letter that went with its screen.
_DROP_S, _RUN_S = 0.25, 0.5
#: When keys are let through although the painting of a screen was not reported, in seconds.
_PAINTED_AT_LATEST_S = 1.0
#: The same for the report that a widget has handled a key.
_HANDLED_AT_LATEST_S = 0.5
#: Fewer dropped characters than this are not told: somebody pressed a command key a bit early.
_TOLD_FROM = 3
_SHOWN_CHARACTERS = 40
#: Keys that always act: they leave the app.
_ALWAYS = ("ctrl+q", "ctrl+c")
_TYPED = (events.Key, events.Paste, events.MouseDown, events.MouseUp)

Typed = events.Key | events.Paste | events.MouseDown | events.MouseUp


class KeyGate:
    """Holds keys back while it is open which screen gets them, and drops those of a closed one."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._opening = True
        self._held: deque[Typed] = deque()
        self._releasing = False
        self._awaited: Screen[Any] | None = None
        self._in_flight: KeyHandled | None = None
        self._closed_at = self._painted_at = 0.0
        self._run_until = 0.0
        self._dropped: list[str] = []
        self._telling = False

    def admits(self, event: events.Event) -> bool:
        """Return whether an event is to be handled now; if not, it was dropped or is held back."""
        if not isinstance(event, _TYPED) or event.is_forwarded:
            return True
        if isinstance(event, events.Key) and event.key in _ALWAYS:
            return True
        if is_too_small(self._app):
            return False
        if self._opening and not self._held and _quits(event):
            return True
        if self._is_closed or self._releasing:
            self._held.append(event)
            return False
        return self._is_timely(event)

    @property
    def _is_closed(self) -> bool:
        return self._opening or self._awaited is not None or self._in_flight is not None

    @property
    def is_idle(self) -> bool:
        """Whether all keys that may be handled by now were handled."""
        return self._opening or not (self._held or self._is_closed or self._releasing)

    def key_forwarded(self, target: MessagePump) -> None:
        """Hold keys back until a widget, and all that it lies in, have handled the last one."""
        marker = KeyHandled(target)
        self._in_flight = marker
        target.post_message(marker)
        # A widget that was removed meanwhile passes nothing on.
        self._app.set_timer(_HANDLED_AT_LATEST_S, lambda: self._landed(marker))

    def key_handled(self, marker: "KeyHandled") -> None:
        """Let the next key through, once what the last one led to was handled as well."""
        if marker.rounds > 1 and marker is self._in_flight:
            self._in_flight = marker.again()
            marker.target.post_message(self._in_flight)
            following = self._in_flight
            self._app.set_timer(_HANDLED_AT_LATEST_S, lambda: self._landed(following))
        else:
            self._landed(marker)

    def _landed(self, marker: "KeyHandled") -> None:
        if marker is self._in_flight:
            self._in_flight = None
            if self._awaited is None:
                self._release_soon()

    def desk_opened(self) -> None:
        """Let the keys through that were typed while the desk was being opened."""
        if self._opening:
            self._opening = False
            self._release_soon()

    def screen_closed(self, revealed: Screen[Any]) -> None:
        """Hold keys back until the screen below is painted, and then drop them."""
        self._closed_at = self._now()
        self.must_be_seen(revealed)

    def must_be_seen(self, screen: Screen[Any]) -> None:
        """Drop the keys that were typed before a screen is painted, unless another is opened."""
        self._awaited = screen

        def painted() -> None:
            if self._awaited is screen:
                self._seen()

        self._app.call_after_refresh(painted)
        self._app.set_timer(_PAINTED_AT_LATEST_S, painted)

    def screen_opened(self, screen: Screen[Any]) -> None:
        """Give the keys that are held back to the screen that was just opened.

        A screen that asks something gets none that was typed before it could be read.
        """
        if getattr(screen, "MUST_BE_SEEN", False):
            self.must_be_seen(screen)
        elif self._awaited is not None:
            self._awaited = None
            self._release_soon()

    def overtaken(self, event: Typed) -> bool:
        """Return whether a screen has closed since a key was admitted, which then goes with it."""
        if self._awaited is None or getattr(self._awaited, "MUST_BE_SEEN", False):
            return not self._is_timely(event)
        self._painted_at = self._now()
        return not self._is_timely(event)

    def has_closed(self, event: Typed) -> bool:
        """Return whether a screen has closed since a key was typed that a widget has got."""
        return event.time < self._closed_at

    def draft_dropped(self) -> None:
        """Drop the words that are typed on although the form closes without them."""
        self._run_until = self._now() + _DROP_S

    def released(self) -> Iterator[Typed]:
        """Return the events that were held back and are to be handled now, in their order."""
        try:
            while self._held and not self._is_closed:
                event = self._held.popleft()
                if self._is_timely(event):
                    yield event
        finally:
            self._releasing = False

    def _release_soon(self) -> None:
        if self._held and not self._releasing:
            self._releasing = True
            self._app.post_message(HeldKeys())

    def _seen(self) -> None:
        self._awaited = None
        self._painted_at = self._now()
        while self._held:
            self._is_timely(self._held.popleft())

    def _is_timely(self, event: Typed) -> bool:
        """Return whether an event was typed for the screen that is shown; note it if not."""
        late = event.time < self._painted_at
        text = _text(event)
        if not late and not (text and event.time < self._run_until):
            return True
        if text:
            self._run_until = max(self._run_until, event.time + _RUN_S)
            self._dropped.append(text)
            self._tell_later()
        return False

    def _tell_later(self) -> None:
        if not self._telling:
            self._telling = True
            self._app.set_timer(_RUN_S, self._tell)

    def _tell(self) -> None:
        self._telling = False
        if self._now() < self._run_until:
            self._tell_later()
            return
        text = one_line("".join(self._dropped))
        self._dropped.clear()
        if len(text) >= _TOLD_FROM:
            shown = text[:_SHOWN_CHARACTERS] + ("…" if len(text) > _SHOWN_CHARACTERS else "")
            sentence = _("“{text}” was typed while a screen closed, and was dropped.")
            self._app.notify(
                sentence.format(text=shown), severity="warning", markup=False, timeout=6
            )

    @staticmethod
    def _now() -> float:
        return events.Event().time


class KeyHandled(events.Event, bubble=True):
    """Follows a key from the widget that got it up to the app, through the same queues.

    :param rounds: how often it goes; what a widget posts because of a key comes in the second.
    """

    def __init__(self, target: MessagePump, rounds: int = 2) -> None:
        super().__init__()
        self.target = target
        self.rounds = rounds

    def again(self) -> "KeyHandled":
        """Return the marker of the next round."""
        return KeyHandled(self.target, self.rounds - 1)


class HeldKeys(events.Event, bubble=False):
    """Asks the app to handle the keys that were held back."""


def _quits(event: Typed) -> bool:
    return isinstance(event, events.Key) and event.character == "q"


def _text(event: Typed) -> str:
    """Return what a key or a paste writes; "" for all others."""
    if isinstance(event, events.Paste):
        return event.text
    if isinstance(event, events.Key) and event.is_printable:
        return event.character or ""
    return ""
