"""No screen of the app shows anything of the tickets of a confidential customer to other agents.

The keys are those that the screens offer, so that a new key is pressed as well.
"""

import pytest
from textual.pilot import Pilot

from helpdesk.desk.session import Desk
from tests.hidden_desk import BASE, HIDDEN, MARKER, MOVED, VISIBLE, make
from tests.tui.conftest import RunApp, notifications, screen_text, settled

#: These end the app, or start another program.
_LEFT_OUT = {"q", "ctrl+q", "ctrl+c", "ctrl+z", "ctrl+d"}


async def _told(pilot: Pilot[int], *keys: str) -> list[str]:
    """Press keys, and return what the screen and the notifications tell of hidden tickets."""
    await pilot.press(*keys)
    await settled(pilot)
    return MARKER.findall("\n".join((screen_text(pilot), *notifications(pilot))))


async def _back(pilot: Pilot[int], depth: int) -> None:
    """Close dialogs and screens until only this many are left."""
    for _ in range(8):
        if len(pilot.app.screen_stack) <= depth:
            return
        await pilot.press("escape")
        await settled(pilot)


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("opened", [None, VISIBLE])
async def test_no_key_shows_a_hidden_ticket(
    desk: Desk, run_app: RunApp, opened: int | None
) -> None:
    make(desk)
    told = {}
    async with run_app((160, 50), "bob") as pilot:
        if opened is not None:
            await pilot.app.open_ticket(opened)  # type: ignore[attr-defined]
            await settled(pilot)
        depth = len(pilot.app.screen_stack)
        offered = [key for key in pilot.app.screen.active_bindings if key not in _LEFT_OUT]
        assert len(offered) > 20
        for key in offered:
            told[key] = await _told(pilot, key)
            await _back(pilot, depth)
            if opened is not None and len(pilot.app.screen_stack) < depth:
                await pilot.app.open_ticket(opened)  # type: ignore[attr-defined]
                await settled(pilot)
    assert {key: found for key, found in told.items() if found} == {}


async def test_each_related_ticket_and_a_search_show_none(desk: Desk, run_app: RunApp) -> None:
    make(desk)
    async with run_app((160, 60), "bob") as pilot:
        for number in (BASE + 4, BASE + 5, BASE + 6, MOVED):
            await pilot.app.open_ticket(number)  # type: ignore[attr-defined]
            assert await _told(pilot, "z") == [], number
            assert str(number) in screen_text(pilot)
            await _back(pilot, 2)
        assert await _told(pilot, "slash", *"takeover") == []
        await _back(pilot, 2)
    async with run_app((160, 60)) as pilot:
        await pilot.app.open_ticket(HIDDEN)  # type: ignore[attr-defined]
        assert await _told(pilot, "z")
