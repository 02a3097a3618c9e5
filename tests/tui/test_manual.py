"""The manual in the app: F1 opens the page about the current screen."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.screen import Screen
from textual.widgets import Input, OptionList

import helpdesk.tui
from helpdesk.desk.session import Desk
from helpdesk.manual.pages import NAMES, anchor_of, headings, read_page
from helpdesk.tui.manual.screen import ManualScreen
from helpdesk.tui.widgets.keymap import GLOBAL, read_key_file
from tests.tui.conftest import RunApp, screen_text, settled


def screens() -> Iterator[type[Screen[object]]]:
    """Yield every screen and dialog of the app."""
    for found in pkgutil.walk_packages(helpdesk.tui.__path__, "helpdesk.tui."):
        importlib.import_module(found.name)
    waiting: list[type[Screen[object]]] = [Screen]
    seen: set[type[Screen[object]]] = set()
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if kind not in seen:
                seen.add(kind)
                waiting.append(kind)
    for kind in sorted(seen, key=lambda kind: kind.__name__):
        # Base classes are never shown themselves.
        if kind.__module__.startswith("helpdesk.tui.") and not kind.__subclasses__():
            yield kind


def test_every_screen_names_an_existing_page_and_section() -> None:
    found = list(screens())
    assert len(found) > 35
    for kind in found:
        place: str | None = getattr(kind, "MANUAL", None)
        assert place, f"{kind.__name__} names no page of the manual"
        page, _, anchor = place.partition("#")
        assert page in NAMES, f"{kind.__name__}: {place}"
        sections = map(anchor_of, headings(read_page(page).text))
        assert anchor == "" or anchor in sections, f"{kind.__name__}: {place}"


@pytest.mark.parametrize(
    ("keys", "heading"),
    [
        ([], "The queue"),
        (["2", "enter"], "Work on a ticket"),
        (["n"], "Log a query"),
        (["r"], "Answer and note"),
        (["e"], "Hand over"),
        (["f"], "Filters and saved views"),
        (["V"], "Filters and saved views"),
        (["x"], "Macros and canned replies"),
        (["slash"], "Search"),
        (["I"], "Your inbox"),
        (["b"], "The board"),
        (["R"], "Figures"),
        (["K"], "Browse"),
        (["K", "E"], "Edit in the app"),
        (["question_mark"], "All keys"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-",
)
async def test_f1_opens_the_section_about_the_screen_and_leads_back(
    keys: list[str], heading: str, busy_desk: Desk, run_app: RunApp
) -> None:
    async with run_app((120, 40)) as pilot:
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        before = pilot.app.screen
        await pilot.press("f1")
        await settled(pilot)
        assert isinstance(pilot.app.screen, ManualScreen)
        # The section's heading is the first thing on the page.
        top = [line[41:].strip(" ▁▂▃▄▅▆▇█") for line in screen_text(pilot).split("\n")[1:5]]
        assert heading in top
        await pilot.press("f1")
        await settled(pilot)
        assert pilot.app.screen is before


async def test_a_half_filled_form_is_unchanged_after_the_manual(
    busy_desk: Desk, run_app: RunApp
) -> None:
    async with run_app((80, 24)) as pilot:
        await pilot.press("n", *"vpn", "f1")
        await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert pilot.app.screen.query_one("#subject", Input).value == "vpn"
        await pilot.press(*"x")
        assert pilot.app.screen.query_one("#subject", Input).value == "vpnx"


async def test_a_search_goes_through_all_pages(busy_desk: Desk, run_app: RunApp) -> None:
    async with run_app((120, 40)) as pilot:
        await pilot.press("f1", "slash", *"pg_dump")
        await settled(pilot)
        listed = pilot.app.screen.query_one(OptionList)
        assert "PostgreSQL" in str(listed.get_option_at_index(0).prompt)
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert pilot.app.focused is pilot.app.screen.query_one("#manual-page")
        assert "Backups need `pg_dump` on the host" in screen_text(pilot)
        await pilot.press("slash", *" nonsense")
        await settled(pilot)
        assert "nothing found" in screen_text(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert "Getting started" in str(listed.get_option_at_index(0).prompt)
        await pilot.press("escape")
        assert not isinstance(pilot.app.screen, ManualScreen)


async def test_the_list_of_pages_leads_to_each(busy_desk: Desk, run_app: RunApp) -> None:
    async with run_app((80, 24)) as pilot:
        await pilot.press("f1")
        await settled(pilot)
        assert "Import from another program" not in screen_text(pilot)  # no room for both
        await pilot.press("tab")
        await settled(pilot)
        assert "Import from another program" in screen_text(pilot)
        await pilot.press("end", "k", "j")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert "How the program is built" in screen_text(pilot)


async def test_the_key_of_the_manual_can_be_remapped(
    busy_desk: Desk, run_app: RunApp, tmp_path: Path
) -> None:
    file = tmp_path / "config" / "helpdesk" / "keys.toml"
    file.parent.mkdir(parents=True)
    file.write_text('[keys]\nmanual = "f12"\n')
    assert read_key_file(file) == {"manual": "f12"}
    async with run_app((80, 24)) as pilot:
        await pilot.press("n")
        await settled(pilot)
        assert "F12 manual" in screen_text(pilot)  # forms have no other key for help
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("f1")
        await settled(pilot)
        assert not isinstance(pilot.app.screen, ManualScreen)
        await pilot.press("f12")
        await settled(pilot)
        assert isinstance(pilot.app.screen, ManualScreen)


async def test_the_keys_of_the_app_do_nothing_in_the_manual(
    busy_desk: Desk, run_app: RunApp
) -> None:
    async with run_app((80, 24)) as pilot:
        await pilot.press("r", *"half an answer", "f1")
        await settled(pilot)
        for key in GLOBAL:
            if key.name not in ("search", "quit"):
                await pilot.press(key.keys)
        await settled(pilot)
        assert isinstance(pilot.app.screen, ManualScreen)
        await pilot.press("q")
        await settled(pilot)
        assert "half an answer" in screen_text(pilot)
