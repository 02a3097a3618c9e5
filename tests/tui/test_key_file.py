"""Remapping keys in ``keys.toml``: which names it knows, and what a remapped key does."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.dom import DOMNode
from textual.widgets import TextArea

import helpdesk.tui
from helpdesk.desk.session import Desk
from helpdesk.domain.errors import RefusedError
from helpdesk.tui.widgets.keymap import read_key_file
from tests.tui.conftest import RunApp, notifications, screen_text, settled, until

WriteKeys = Callable[[str], Path]


@pytest.fixture
def write_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WriteKeys:
    """Write the lines of the table ``[keys]`` of the person's key file."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    file = tmp_path / "config" / "helpdesk" / "keys.toml"

    def write(lines: str) -> Path:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"[keys]\n{lines}\n")
        return file

    return write


def binding_ids() -> Iterator[str]:
    """Yield the id of each binding of the app, of its screens and of its widgets."""
    for module in pkgutil.walk_packages(helpdesk.tui.__path__, "helpdesk.tui."):
        importlib.import_module(module.name)
    waiting: list[type[DOMNode]] = [DOMNode]
    while waiting:
        node = waiting.pop()
        waiting.extend(node.__subclasses__())
        if node.__module__.startswith("helpdesk.tui."):
            yield from (
                binding.id
                for binding in node.BINDINGS
                if isinstance(binding, Binding) and binding.id
            )


def test_the_file_knows_every_binding_that_has_an_id(write_keys: WriteKeys) -> None:
    ids = set(binding_ids())
    assert len(ids) > 70
    for name in ids:
        assert read_key_file(write_keys(f'{name} = "f12"')) == {name: "f12"}


def test_an_unknown_name_is_refused_with_those_that_are_known(write_keys: WriteKeys) -> None:
    file = write_keys('edit = "f12"')
    with pytest.raises(RefusedError, match=r"unknown key 'edit'; known are: .*compare, .*edit_art"):
        read_key_file(file)


async def test_the_keys_of_the_knowledge_base_can_be_other_ones(
    busy_desk: Desk, run_app: RunApp, write_keys: WriteKeys
) -> None:
    write_keys('edit_article = "f11"\ncompare = "f12"')
    async with run_app((120, 220)) as pilot:
        await pilot.press("question_mark")
        await settled(pilot)
        assert "F11          edit the article" in screen_text(pilot)
        await pilot.press("escape", "K")
        await settled(pilot)
        assert "F11 edit" in screen_text(pilot)
        await pilot.press("f11")
        await settled(pilot)
        assert pilot.app.screen.query_one(TextArea).has_focus
        assert "F12 changes" in screen_text(pilot)


async def test_the_log_form_and_its_reader_take_the_answer_on_the_chosen_key(
    desk: Desk, run_app: RunApp, write_keys: WriteKeys
) -> None:
    write_keys('answer_first = "f11"')
    async with run_app((120, 40)) as pilot:
        await pilot.press("n", *"vpn drops evry ten minuts")
        await until(pilot, lambda: "VPN disconnects" in screen_text(pilot))
        await pilot.press("f11")
        await until(pilot, lambda: "Answer with vpn/keepalive.md" in screen_text(pilot))
        await pilot.press("escape", "f2", "enter")
        await until(pilot, lambda: "F7 its problem" in screen_text(pilot))
        await pilot.press("f11")
        await until(pilot, lambda: "Answer with vpn/keepalive.md" in screen_text(pilot))


async def test_splitting_a_ticket_and_splitting_figures_have_names_of_their_own(
    busy_desk: Desk, run_app: RunApp, write_keys: WriteKeys
) -> None:
    write_keys('split = "X"\nsplit_by = "f12"')
    async with run_app((120, 40)) as pilot:
        await pilot.press("X")
        await settled(pilot)
        assert "Split" in screen_text(pilot)
        await pilot.press("escape", "R", "f12", "f12")
        await settled(pilot)
        assert "by level" in screen_text(pilot)
    write_keys('split = "X"')
    async with run_app((120, 40)) as pilot:
        await pilot.press("R", "B", "B")
        await settled(pilot)
        assert "by level" in screen_text(pilot)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('log = "c"', "gives c to both log and claim"),
        ('edit_article = "n"', "gives n to both log and edit_article"),
        ('split_by = "m"', "gives m to both mine and split_by"),
        ('answer_first = "f5"', "gives F5 to both answer_first and resolve_with"),
    ],
)
async def test_two_actions_on_one_key_are_refused_with_a_sentence(
    desk: Desk, run_app: RunApp, write_keys: WriteKeys, line: str, sentence: str
) -> None:
    write_keys(line)
    async with run_app((160, 50)) as pilot:
        await until(pilot, lambda: any(sentence in message for message in notifications(pilot)))
        assert "n log" in screen_text(pilot)  # the file as a whole is left out


def test_a_key_may_mean_other_things_on_other_screens(write_keys: WriteKeys) -> None:
    keys = {"board": "w", "alarms": "b", "take_theirs": "f6", "next_page": "n", "compare": "f5"}
    file = write_keys("\n".join(f'{name} = "{key}"' for name, key in keys.items()))
    assert read_key_file(file) == keys
