"""The palette and the help: every action of a screen, by name, from the one table of keys."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from textual.binding import Binding
from textual.command import CommandList
from textual.dom import DOMNode
from textual.pilot import Pilot

import helpdesk.tui
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.tui.widgets.actions_in_force import actions_in_force
from helpdesk.tui.widgets.keymap import NAMES, SECTIONS
from tests.tui.conftest import RunApp, notifications, screen_text, settled


def nodes() -> Iterator[type[DOMNode]]:
    """Yield the app's own classes of screens and widgets."""
    for module in pkgutil.walk_packages(helpdesk.tui.__path__, "helpdesk.tui."):
        importlib.import_module(module.name)
    waiting: list[type[DOMNode]] = [DOMNode]
    while waiting:
        node = waiting.pop()
        waiting.extend(node.__subclasses__())
        if node.__module__.startswith("helpdesk.tui."):
            yield node


def test_every_binding_stands_in_the_one_table_of_keys() -> None:
    for node in nodes():
        for binding in vars(node).get("BINDINGS", ()):
            assert isinstance(binding, Binding), node
            assert binding.id in NAMES, (node, binding)


def test_every_name_stands_in_a_section_of_help_and_manual() -> None:
    assert {key.name for keys in SECTIONS.values() for key in keys} >= NAMES


def palette(pilot: Pilot[int]) -> list[str]:
    """Return the texts of all lines of the palette."""
    listed = pilot.app.screen.query_one(CommandList)
    return [str(listed.get_option_at_index(at).prompt) for at in range(listed.option_count)]


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param([], id="queue"),
        pytest.param(["enter"], id="ticket"),
        pytest.param(["n"], id="form"),
        pytest.param(["r"], id="reply"),
        pytest.param(["f"], id="filter"),
        pytest.param(["slash"], id="search"),
        pytest.param(["K"], id="knowledge base"),
        pytest.param(["b"], id="board"),
        pytest.param(["I"], id="inbox"),
        pytest.param(["R"], id="figures"),
        pytest.param(["f1"], id="manual"),
    ],
)
async def test_the_palette_holds_every_action_of_the_screen_in_one_line(
    busy_desk: Desk, run_app: RunApp, keys: list[str]
) -> None:
    async with run_app() as pilot:
        await pilot.press(*keys)
        await settled(pilot)
        wanted = {
            action.title
            for action in actions_in_force(pilot.app.screen)
            if action.name != "palette"
        }
        await pilot.press("ctrl+p")
        await settled(pilot)
        assert set(palette(pilot)) == wanted
        assert not any("\n" in line for line in palette(pilot))


async def test_an_action_is_found_by_its_words_and_done(desk: Desk, run_app: RunApp) -> None:
    log_query.log_query(desk, NewQuery("printer is out of paper"))
    async with run_app() as pilot:
        await pilot.press("ctrl+p", *"merge")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert "Merge  HD-1" in screen_text(pilot)
        await pilot.press("escape", "ctrl+p", *"claim")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
    assert show_ticket.show(desk, 1).assignee == "ann"


async def test_the_palette_of_a_dialog_offers_the_keys_of_the_dialog(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("printer is out of paper"))
    async with run_app() as pilot:
        await pilot.press("r", "ctrl+p", *"canned")
        await settled(pilot)
        assert palette(pilot)[0] == "canned: insert a canned reply (F3)"
        await pilot.press("enter")
        await settled(pilot)
        assert "there is no canned reply yet" in screen_text(pilot)


async def test_the_help_begins_with_this_screen_and_is_searched(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("printer is out of paper"))
    async with run_app((80, 250)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("question_mark")
        await settled(pilot)
        text = screen_text(pilot)
        assert "z            show long texts to their end" in text
        assert "Esc          back" in text
        here = text.index("show long texts")
        assert here < text.index("(not on this screen)") < text.index("write the article that is")
        await pilot.press("slash", *"long")
        await settled(pilot)
        assert "show long texts" in screen_text(pilot)
        assert "claim the ticket" not in screen_text(pilot)
        await pilot.press("q", "escape")  # a letter of the search; then the end of the search
        await settled(pilot)
        assert "claim the ticket" in screen_text(pilot)
        await pilot.press("q")
        await settled(pilot)
        assert "Everywhere, also while typing" not in screen_text(pilot)


async def test_ctrl_c_is_answered_in_the_words_of_the_desk(desk: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("ctrl+c")
        await settled(pilot)
        assert notifications(pilot) == [
            "Ctrl+C copies what is selected; to leave the desk press Ctrl+Q."
        ]


#: Keys that move, choose or go back: what they move or choose depends on the screen.
_MOVES = {
    "enter",
    "space",
    "tab",
    "up",
    "down",
    "left",
    "right",
    "escape",
    "slash",
    "question_mark",
}
#: Names that stand for one meaning: to edit, to drop, to save, all of a list, to begin another one,
#: to see the figures, and to take the next of several: levels, ways to send, languages.
_SAME = (
    {"answer_first", "own_editor"},
    {"drop", "undo_all", "take_theirs", "clear_filter"},
    {"save", "save_mine", "save_view", "run_macro"},
    {"mark_all", "all_read"},
    {"new_article", "park", "keep_reply"},
    {"assign", "reassign"},
    {"reports", "reload"},
    {"next_level", "next_way", "language"},
)
#: A question is answered with the letters of its answers.
_ANSWERS = {"do_others", "do_none", "yes", "no"}


def test_one_key_means_one_thing_on_every_screen() -> None:
    meanings: dict[str, set[str]] = {}
    for keys in SECTIONS.values():
        for key in keys:
            if key.name not in _ANSWERS:
                for symbol in key.keys.split(","):
                    meanings.setdefault(symbol, set()).add(key.name)
    for symbol, names in meanings.items():
        one = len(names) == 1 or any(names <= same for same in _SAME)
        assert one or symbol in _MOVES, (symbol, names)
