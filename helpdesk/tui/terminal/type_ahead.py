"""Keys that arrive faster than they are handled, as they do over a slow line."""

import asyncio
from typing import Any

from textual.screen import Screen


async def typed_out(screen: Screen[Any]) -> None:
    """Wait until the focused field has taken in every key that was sent to it before."""
    field = screen.focused
    if field is None:
        return
    done = asyncio.Event()
    if field.call_later(done.set):
        await done.wait()
