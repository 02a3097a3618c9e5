"""Handle keys that arrive faster than they are processed, as over a slow connection."""

import asyncio
from typing import Any

from textual.app import App
from textual.message_pump import MessagePump
from textual.screen import Screen

_POLL_S = 0.005


async def wait_for_all_keys(app: App[Any]) -> None:
    """Wait until the app and its focused field have processed all keys that were read."""
    gate = getattr(app, "gate", None)
    await _wait_for(app)
    while gate is not None and not gate.is_idle:
        await asyncio.sleep(_POLL_S)
    for _ in range(2):  # a key may open a dialog, which gets the next ones
        await _wait_for(app)
        if app.focused is not None:
            await _wait_for(app.focused)


async def wait_for_typed_keys(screen: Screen[Any]) -> None:
    """Wait until the focused field has processed all keys that it has received."""
    field = screen.focused
    if field is not None:
        await _wait_for(field)


async def _wait_for(pump: MessagePump) -> None:
    """Wait until a widget, or the app, has processed all its messages."""
    done = asyncio.Event()
    if pump.call_later(done.set):
        await done.wait()
