"""Snapshots of each screen as text, at the smallest fully supported size and at a large one."""

import os
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from helpdesk.desk.session import Desk
from tests.tui.conftest import RunApp, screen_text, settled

#: When all articles were changed, in seconds: 1 October 2026, 12:00 UTC.
_CHANGED = 1_790_856_000
SIZES = [(80, 24), (160, 50)]

KEYS_TO_SCREEN = {
    "queue_l1": [],
    "queue_l2": ["2"],
    "queue_l4_empty": ["4"],
    "mine": ["m"],
    "ticket": ["2", "enter"],
    "log_form": ["n", *"vpn drops evry ten minuts"],
    "search": ["slash", *"pasword forgoten"],
    "knowledge": ["K"],
    "help": ["question_mark"],
    "escalate": ["j", "e"],
    "return": ["2", "t"],
    "reply": ["r"],
    "note": ["i"],
    "pend": ["p"],
    "resolve": ["2", "v"],
    "assign": ["a"],
    "alarms": ["w"],
    "inbox": ["I"],
    "board": ["b"],
    "board_give": ["b", "a"],
    "wall": ["b", "O"],
    "figures": ["R"],
    "figures_by_level": ["R", "B", "B", "enter"],
    "late_ticket": ["enter"],
    "looks_like": ["2", "enter", "f2"],
    "edit_article": ["K", "E"],
    "new_article": ["K", "ctrl+n"],
    "gaps": ["K", "X"],
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("screen", KEYS_TO_SCREEN)
async def test_screen_looks_as_recorded(
    screen: str,
    size: tuple[int, int],
    busy_desk: Desk,
    run_app: RunApp,
    kb: Path,
    snapshot: SnapshotAssertion,
) -> None:
    for article in kb.rglob("*.md"):  # the screen shows when each was changed
        os.utime(article, (_CHANGED, _CHANGED))
    async with run_app(size) as pilot:
        for key in KEYS_TO_SCREEN[screen]:
            await pilot.press(key)
            if len(key) > 1 or key in "24mKewEXIbR":
                await settled(pilot)
        await settled(pilot)
        assert screen_text(pilot) == snapshot
