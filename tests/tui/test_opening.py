"""Screens that come and go while the desk is slow: no key keeps the app from going on."""

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


async def test_many_keys_typed_ahead_wait_once_and_not_each_for_itself(
    settings: Settings, desk: Desk, tmp_path: Path
) -> None:
    go_on = threading.Event()

    def open_late() -> Desk:
        assert go_on.wait(60)
        return open_desk(settings)

    app = HelpdeskApp(open_late, Drafts(tmp_path / "drafts", "ann"))
    async with app.run_test(size=(80, 24)) as pilot:
        for key in "2312312312":
            app.simulate_key(key)
        await pilot.pause()
        assert "opening the desk" in screen_text(pilot)
        go_on.set()
        await until(pilot, lambda: app.counts is not None)
        await until(
            pilot, lambda: isinstance(app.screen, QueueScreen) and app.screen.queue is Level.L2
        )


async def test_an_answer_to_a_screen_that_is_left_meanwhile_is_dropped(run_app: RunApp) -> None:
    async with run_app() as pilot:
        left = pilot.app.screen
        assert isinstance(left, QueueScreen)
        await pilot.press("2")
        await until(pilot, lambda: not left.is_attached)

        async def draw_late() -> None:  # as an answer does that was under way
            left.counts_changed()

        await left.run_worker(draw_late).wait()
        await settled(pilot)
        assert "L2 · open" in screen_text(pilot)
