"""Copying a ticket to the terminal's clipboard, and exporting it to a file."""

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.drivers.headless_driver import HeadlessDriver

from helpdesk.desk.exchange import one_ticket
from helpdesk.desk.policy.files import starter_text
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import RefusedError
from helpdesk.tui.terminal.sequences import SILENT
from tests.policies import apply_text
from tests.tui.conftest import RunApp, notifications, screen_text, settled

_EVIL = "lamp \x1b]52;c;ZXZpbA==\x07 \x1b[31mred"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All sequences for the clipboard that the app writes to the terminal."""
    found: list[str] = []
    write = HeadlessDriver.write

    def record(driver: HeadlessDriver, data: str) -> None:
        found.extend(re.findall("\x1b]52.*", data))
        write(driver, data)

    monkeypatch.setattr(HeadlessDriver, "write", record)
    return found


def copied(sequence: str) -> str:
    """Return the text in a sequence, which must be one that the terminal filter lets through."""
    assert re.fullmatch(SILENT, sequence)
    return base64.b64decode(sequence.removeprefix("\x1b]52;c;").removesuffix("\x07")).decode()


@pytest.fixture
def evil(desk: Desk) -> Desk:
    """A ticket whose texts hold control sequences, and another one."""
    log_query.log_query(desk, NewQuery(_EVIL, body=f"{_EVIL}\nsecond line"))
    log_query.log_query(desk, NewQuery("no sound"))
    return desk


async def test_the_number_is_copied_with_two_keys(
    evil: Desk, run_app: RunApp, written: list[str]
) -> None:
    async with run_app() as pilot:
        await pilot.press("Y", "enter")
        await settled(pilot)
        assert [copied(each) for each in written] == ["HD-1"]
        assert "copied, if this terminal allows it: HD-1" in notifications(pilot)


async def test_everything_is_copied_without_control_characters(
    evil: Desk, run_app: RunApp, written: list[str]
) -> None:
    async with run_app() as pilot:
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("Y", *"plain", "enter")
        await settled(pilot)
        (text,) = map(copied, written)
    assert text.startswith("HD-1  lamp ␛]52;c;ZXZpbA==")
    assert "second line" in text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


async def test_marked_tickets_are_copied_together(
    evil: Desk, run_app: RunApp, written: list[str]
) -> None:
    async with run_app() as pilot:
        await pilot.press("ctrl+a", "Y", "enter")
        await settled(pilot)
    assert [copied(each) for each in written] == ["HD-1 HD-2"]


async def test_the_policy_forbids_copying_tickets_and_selections(
    evil: Desk, run_app: RunApp, written: list[str]
) -> None:
    apply_text(evil, starter_text().replace("clipboard = true", "clipboard = false"))
    async with run_app() as pilot:
        await pilot.press("Y", "enter")
        await settled(pilot)
        refused = "the policy of this desk does not allow copying to the clipboard."
        assert notifications(pilot)[-1:] == [refused]
        await pilot.press("slash", *"secret", "shift+home", "ctrl+c")
        await settled(pilot)
        assert notifications(pilot).count(refused) == 2
    assert written == []


async def test_a_selection_is_copied_as_before_without_the_table_in_the_policy(
    evil: Desk, run_app: RunApp, written: list[str]
) -> None:
    apply_text(evil, starter_text().replace("[terminal]\nclipboard = true\n", ""))
    async with run_app() as pilot:
        await pilot.press("slash", *"words", "shift+home", "ctrl+c")
        await settled(pilot)
    assert [copied(each) for each in written] == ["words"]


async def test_a_ticket_is_exported_to_a_new_file_each_time(
    evil: Desk, run_app: RunApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "HD-1.txt").symlink_to(folder / "elsewhere")
    monkeypatch.chdir(folder)
    async with run_app() as pilot:
        await pilot.press("Y", *"file", "enter")
        await settled(pilot)
        assert f"HD-1 is written to {folder}/HD-1-2.txt." in notifications(pilot)
        assert "Copy or export" not in screen_text(pilot)
    file = folder / "HD-1-2.txt"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text(encoding="utf-8").startswith("HD-1  lamp ␛]52")
    assert not (folder / "elsewhere").exists()


def test_no_file_is_written_for_an_agent_without_an_account_of_their_own(
    evil: Desk, desk_of: Callable[[str], Desk], tmp_path: Path
) -> None:
    with pytest.raises(RefusedError, match="ticket show HD-1"):
        one_ticket.export(desk_of("bob"), 1, tmp_path)
    assert list(tmp_path.glob("HD-*")) == []


def test_a_folder_that_takes_no_file_is_named(evil: Desk, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="start the app in another folder"):
        one_ticket.export(evil, 1, tmp_path / "missing")
