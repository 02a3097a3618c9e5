"""A key may come right behind the key that opens a list, before that is laid out."""

import asyncio

import pytest
from textual import events

from helpdesk.desk.session import Desk
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
