"""Keys and screen changes while the desk is slow to open or to answer do not block the app."""

import threading
from pathlib import Path

from helpdesk.desk.form_drafts import Drafts
from helpdesk.desk.opening import open_desk
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.domain.escalation import Level
from helpdesk.tui.app.app import HelpdeskApp
from helpdesk.tui.queue.screen import QueueScreen
from tests.tui.conftest import RunApp, screen_text, settled, until


async def test_many_keys_typed_ahead_wait_together_until_the_desk_is_open(
    settings: Settings, desk: Desk, tmp_path: Path
) -> None:
    may_open = threading.Event()

    def open_late() -> Desk:
        assert may_open.wait(60)
        return open_desk(settings)

    app = HelpdeskApp(open_late, Drafts(tmp_path / "drafts", "ann"))
    async with app.run_test(size=(80, 24)) as pilot:
        for key in "2312312312":
            app.simulate_key(key)
        await pilot.pause()
        assert "opening the desk" in screen_text(pilot)
        may_open.set()
        await until(pilot, lambda: app.counts is not None)
        await until(
            pilot, lambda: isinstance(app.screen, QueueScreen) and app.screen.queue is Level.L2
        )


async def test_an_answer_that_comes_after_its_screen_was_left_is_dropped(run_app: RunApp) -> None:
    async with run_app() as pilot:
        left = pilot.app.screen
        assert isinstance(left, QueueScreen)
        await pilot.press("2")
        await until(pilot, lambda: not left.is_attached)

        async def draw_late() -> None:  # as a pending answer does
            left.counts_changed()

        await left.run_worker(draw_late).wait()
        await settled(pilot)
        assert "L2 · open" in screen_text(pilot)
