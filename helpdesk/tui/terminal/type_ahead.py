"""Handle keys that arrive faster than they are processed, as over a slow connection."""

import asyncio
from typing import Any

from textual.screen import Screen


async def wait_for_typed_keys(screen: Screen[Any]) -> None:
    """Wait until the focused field has processed all keys that it has received."""
    field = screen.focused
    if field is None:
        return
    done = asyncio.Event()
    if field.call_later(done.set):
        await done.wait()
