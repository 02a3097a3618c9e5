"""The part of the app that every key, every screen and every unexpected error passes."""

import asyncio
from contextlib import suppress
from typing import Any

from rich.console import RenderableType
from textual import events
from textual._compositor import LayoutUpdate
from textual._context import active_message_pump
from textual.app import App, ScreenError
from textual.await_complete import AwaitComplete
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import NoActiveWorker, WorkerFailed, get_current_worker

from helpdesk.tui.app.key_gate import HeldKeys, KeyGate, KeyHandled
from helpdesk.tui.widgets.steady_screen import comes_too_late, is_gone

#: How long a key waits for the screen that the key before it opened, in seconds.
_LAYOUT_S = 2.0


class GatedApp(App[int]):
    """An app in which a key never acts on a screen that was covered when it was typed."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = KeyGate(self)

    async def on_event(self, event: events.Event) -> None:
        """Handle an event, or hold it back until it is known which screen gets it."""
        if isinstance(event, HeldKeys):
            for held in self.gate.released():
                await self.handle_now(held)
        elif isinstance(event, KeyHandled):
            self.gate.key_handled(event)
        elif self.gate.admits(event):
            await self.handle_now(event)

    async def handle_now(self, event: events.Event) -> None:
        """Handle an event, unless the screen that it was meant for has closed meanwhile."""
        if isinstance(event, events.Key) and event.is_forwarded and self.gate.has_closed(event):
            return  # no field wanted it, and now the screen below would get it
        if not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded:
            await super().on_event(event)
            return
        await self._wait_for_layout()
        if self.gate.overtaken(event) or self._is_ending:
            return
        target = self.focused or self.screen
        await super().on_event(event)
        if _was_forwarded(event) and not _is_written(event, target):
            self.gate.key_forwarded(target)

    @property
    def _is_ending(self) -> bool:
        """Whether the app is being left: its screens are gone, or lose their widgets just now."""
        try:
            return is_gone(self.screen) or not self.screen.is_running
        except ScreenError:
            return True

    async def _wait_for_layout(self) -> None:
        """Wait until the top screen has its widgets: a key may open it without waiting."""
        with suppress(TimeoutError, ScreenError):
            async with asyncio.timeout(_LAYOUT_S):
                while not self.screen.is_mounted:
                    await asyncio.sleep(0.002)

    def push_screen(self, screen: Any, *args: Any, **kwargs: Any) -> Any:
        """Show a screen on top of the others; keys typed ahead go to it."""
        opened = super().push_screen(screen, *args, **kwargs)
        self.gate.screen_opened(self.screen)
        return opened

    def switch_screen(self, screen: Any) -> AwaitComplete:
        """Replace the top screen by another one; keys typed ahead go to that."""
        switched = super().switch_screen(screen)
        self.gate.screen_opened(self.screen)
        return switched

    def pop_screen(self) -> AwaitComplete:
        """Close the top screen; keys that were typed for it go with it."""
        closed = super().pop_screen()
        self.gate.screen_closed(self.screen)
        return closed

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if isinstance(renderable, LayoutUpdate):
            self.gate.screen_is_sent(screen)
        super()._display(screen, renderable)

    def draft_dropped(self) -> None:
        """Drop the words that are typed on although the form closes without them."""
        self.gate.draft_dropped()

    def _handle_exception(self, error: Exception) -> None:
        if not self._comes_too_late(error):
            self._end_with(error)

    def _comes_too_late(self, error: Exception) -> bool:
        """Return whether an error was raised by a screen or widget that was closed."""
        pump: object = active_message_pump.get(None)
        if isinstance(error, WorkerFailed):
            try:
                pump = get_current_worker().node
            except NoActiveWorker:
                return False
            raised = error.error
            return isinstance(raised, Exception) and comes_too_late(raised, self, pump)
        return comes_too_late(error, self, pump)

    def _end_with(self, error: Exception) -> None:
        """End the app because of an unexpected error."""
        super()._handle_exception(error)


def _was_forwarded(event: events.Event) -> bool:
    """Return whether a widget got the event, instead of a key binding of priority."""
    return event.is_forwarded


def _is_written(event: events.Event, target: MessagePump) -> bool:
    """Return whether a key is a letter for a field: it closes nothing, so none waits for it."""
    return (
        isinstance(event, events.Key)
        and isinstance(target, Widget)
        and target.check_consume_key(event.key, event.character)
    )
