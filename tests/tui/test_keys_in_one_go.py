"""A key may come right behind the key that opens a list, before that is laid out."""

import asyncio

import pytest
from textual import events
from textual._compositor import LayoutUpdate

from helpdesk.desk.session import Desk
from helpdesk.tui.knowledge.screen import KnowledgeScreen
from helpdesk.tui.queue.screen import QueueScreen
from helpdesk.tui.terminal.type_ahead import wait_for_all_keys
from tests.tui.conftest import RunApp, screen_text, settled

_TIMEOUT_S = 60


@pytest.mark.parametrize("opener", ["ctrl+p", "K", "A", "I", "f1"])
async def test_page_keys_right_behind_a_key_that_opens_a_list(
    busy_desk: Desk, run_app: RunApp, opener: str
) -> None:
    async with run_app(size=(80, 24)) as pilot:
        keys = (opener, "pagedown", "pageup", "end", "pagedown", "home")
        for key in keys:  # as the terminal sends them: all at once
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        async with asyncio.timeout(_TIMEOUT_S):
            await wait_for_all_keys(pilot.app)
        assert pilot.app.return_code is None


async def test_a_key_typed_as_soon_as_a_screen_is_seen_again_acts_on_it(
    busy_desk: Desk, run_app: RunApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The app learns that a screen was painted only after the terminal has shown it."""
    async with run_app(size=(80, 24)) as pilot:
        app = pilot.app
        await pilot.press("n")
        await settled(pilot)
        display = type(app)._display

        def display_and_type(self: object, screen: object, update: object) -> None:
            display(app, screen, update)  # type: ignore[arg-type]
            if isinstance(screen, QueueScreen) and isinstance(update, LayoutUpdate):
                monkeypatch.undo()
                app.post_message(events.Key("K", "K"))

        monkeypatch.setattr(type(app), "_display", display_and_type)
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, KnowledgeScreen)


async def test_enter_right_behind_words_takes_what_they_find(
    busy_desk: Desk, run_app: RunApp
) -> None:
    async with run_app(size=(80, 24)) as pilot:
        for key in ("F", *"priority", "enter"):
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        async with asyncio.timeout(_TIMEOUT_S):
            await wait_for_all_keys(pilot.app)
        await settled(pilot)
        assert "L1 · open, P1 first" in screen_text(pilot)
