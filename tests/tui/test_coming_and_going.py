"""Keys reach the screen that they were typed for; what comes for a closed screen does nothing."""

import asyncio
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from helpdesk.desk.form_drafts import Drafts
from helpdesk.desk.opening import open_desk
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.tui.app.app import HelpdeskApp
from helpdesk.tui.board.wall import WallScreen
from helpdesk.tui.knowledge.screen import KnowledgeScreen
from helpdesk.tui.log_form.screen import LogScreen
from helpdesk.tui.terminal.type_ahead import wait_for_all_keys
from helpdesk.tui.widgets.header import Header
from helpdesk.tui.widgets.steady_screen import SteadyScreen
from tests.tui.conftest import RunApp, notifications, screen_text, settled, until
from tests.tui.ways import ELSEWHERE, WAYS, prepare, screens

#: The number of screens on the stack while the first queue is shown.
_HOME = 2


def type_at_once(pilot: Pilot[int], *keys: str) -> None:
    """Post keys as the terminal sends them, without waiting for what they do."""
    for key in keys:
        character = {"space": " "}.get(key, key if len(key) == 1 else None)
        pilot.app.post_message(events.Key(key, character))


async def test_a_ticket_that_is_left_before_it_is_laid_out_ends_nothing(
    busy_desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        for gap in (0.02, 0.01, 0.005, 0.0) * 8:
            type_at_once(pilot, "enter")
            await asyncio.sleep(gap)
            type_at_once(pilot, "escape")
            await asyncio.sleep(0.05)
        assert pilot.app.return_code is None
        await settled(pilot)


async def test_a_tick_for_a_wall_display_without_its_pages_does_nothing(
    busy_desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        app = pilot.app
        assert isinstance(app, HelpdeskApp)
        wall = WallScreen()
        app.push_screen(wall)
        app.notify_screen(lambda screen: screen.tick(app.now()))  # it is coming
        await settled(pilot)
        await wall.query(".page").remove()
        for _ in range(11):
            wall.tick(app.now())
        app.pop_screen()
        wall.counts_changed()
        wall.knowledge_changed()
        await settled(pilot)
        assert app.return_code is None


async def test_n_and_words_typed_while_the_desk_opens_are_in_the_form(
    settings: Settings, desk: Desk, tmp_path: Path
) -> None:
    may_open = threading.Event()

    def open_late() -> Desk:
        assert may_open.wait(60)
        return open_desk(settings)

    app = HelpdeskApp(open_late, Drafts(tmp_path / "drafts", "ann"))
    async with app.run_test(size=(80, 24)) as pilot:
        type_at_once(pilot, *"nscanner 2 jams")
        await pilot.pause(0.2)
        assert "opening the desk" in screen_text(pilot)
        may_open.set()
        await until(pilot, lambda: isinstance(app.screen, LogScreen))
        form = app.screen
        assert isinstance(form, LogScreen)
        await until(pilot, lambda: form.is_up and form.values()["subject"] == "scanner 2 jams")


async def test_words_typed_on_behind_ctrl_x_are_no_commands(
    busy_desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *"half")
        await settled(pilot)
        type_at_once(pilot, "ctrl+x", *"svc2")
        for key in ("n", "e", "w"):
            await asyncio.sleep(0.1)
            type_at_once(pilot, key)
        await until(pilot, lambda: any("svc2new" in said for said in notifications(pilot)))
        assert "L1 · open" in screen_text(pilot)
        await pilot.press("n")  # after a pause, keys are commands again
        await until(pilot, lambda: isinstance(pilot.app.screen, LogScreen))


async def test_a_click_on_what_was_removed_but_is_still_painted_does_nothing(
    busy_desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        app = pilot.app
        title = app.screen.query_one(Header)
        x, y = title.region.offset
        with app.batch_update():
            await title.remove()
            for kind in (events.MouseDown, events.MouseUp):
                app.post_message(kind(None, x, y, 0, 0, 1, False, False, False))
            async with asyncio.timeout(20):
                await wait_for_all_keys(app)
            await asyncio.sleep(0.05)
        assert app.return_code is None


async def test_a_command_is_chosen_in_the_palette(busy_desk: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        type_at_once(pilot, "ctrl+p", *"knowledge")
        await until(pilot, lambda: "knowledge base (K)" in screen_text(pilot))
        type_at_once(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, KnowledgeScreen))


async def test_keys_typed_before_a_screen_has_closed_go_with_it(
    busy_desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("v")
        await settled(pilot)
        type_at_once(pilot, "escape", "c", "2")
        await settled(pilot)
        assert "L1 · open" in screen_text(pilot)
        assert "claimed" not in " ".join(notifications(pilot))


def test_every_screen_is_among_the_ways_and_has_the_common_base() -> None:
    found = screens()
    assert {each.__name__ for each in found} == set(WAYS) | ELSEWHERE
    assert [each for each in found if not issubclass(each, SteadyScreen)] == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(3))
async def test_below_60_by_16_every_screen_says_so_and_keys_do_nothing(
    busy_desk: Desk, run_app: RunApp, part: int
) -> None:
    prepare(busy_desk)
    async with run_app() as pilot:
        app = pilot.app
        for name, way in list(WAYS.items())[part::3]:
            for place, key in enumerate(way):
                if place == 1 or (place and (len(key) > 1 or key.isupper())):
                    with suppress(WorkerCancelled):  # one of the screen that was closed before
                        await settled(pilot)
                type_at_once(pilot, key)
            await wait_for_all_keys(app)
            await until(pilot, lambda name=name: type(app.screen).__name__ == name)  # type: ignore[misc]
            shown = app.screen
            await pilot.resize_terminal(50, 10)
            await until(pilot, lambda: "enlarge it" in screen_text(pilot))
            assert "Ctrl+Q" in screen_text(pilot), name
            type_at_once(pilot, "escape", "2", "v", "x", "enter", "ctrl+s")
            await wait_for_all_keys(app)
            assert app.screen is shown, name
            await pilot.resize_terminal(80, 24)
            await until(pilot, lambda: "enlarge it" not in screen_text(pilot))
            while len(app.screen_stack) > _HOME:
                type_at_once(pilot, "escape")
                await wait_for_all_keys(app)
