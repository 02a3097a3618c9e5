"""Every field of every form paints what it is given harmlessly, and keeps it as it is.

The forms on a ticket are those of the program's own table of keys.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

import helpdesk.tui
from helpdesk.desk.session import Desk
from helpdesk.tui.widgets import keymap
from helpdesk.tui.widgets.stored_text import LineField, TextField
from tests.hostile import hostile_texts
from tests.hostile_desk import fill
from tests.terminal_stream import harmful
from tests.tui.conftest import RunApp, screen_text, settled

#: The keys that open a form on a ticket, and what they show behind it.
_FORMS = [key for key in keymap.TICKET if key.action.startswith("dialog(")]
#: Ways to other fields from the first queue.
_WAYS = (
    *(("n",), ("slash",), ("f",), ("K",), ("K", "N"), ("f1",), ("V",), ("ctrl+p",)),
    ("n", *"vpn", "space", *"drops", "f4"),  # the answer of a suggestion
    ("n", *"evil", "f2", "enter"),  # a suggestion in full
    ("f", *"evil", "ctrl+s"),  # save as view
    ("K", "slash", *"evil", "enter", "E"),  # the editor
)
#: Ways from a ticket: the list of canned replies, one that is inserted, the macros.
_DEEPER = (("r", "f3"), ("r", "f3", "enter"), ("x",), ("x", "enter"))
#: Screens whose fields are reached by more than one key.
_FAR = {"AnswerScreen", "DeskPalette", "EditorScreen", "NewArticleDialog", "Picker", "SaveView"}
_BATCH = 24


def _batches() -> Iterator[str]:
    texts = list(hostile_texts())
    for start in range(0, len(texts), _BATCH):
        yield " ".join(text[:300] for text in texts[start : start + _BATCH])


async def test_every_field_paints_every_hostile_text_harmlessly_and_keeps_it(
    run_app: RunApp, desk: Desk, kb: Path
) -> None:
    fill(desk, kb)
    tried: set[tuple[str, str]] = set()
    async with run_app(size=(120, 40)) as pilot:
        await pilot.press("2")
        await settled(pilot)
        home = pilot.app.screen
        await pilot.press("enter")
        await settled(pilot)
        ticket = pilot.app.screen
        for key in _FORMS:
            await pilot.press(key.keys)
            await _tried(pilot, tried)
            await _go_back(pilot, ticket)
        for way in _DEEPER:
            await _press(pilot, way)
            await _tried(pilot, tried)
            await _go_back(pilot, ticket)
        await pilot.press("escape")
        for way in _WAYS:
            await _press(pilot, way)
            await _tried(pilot, tried)
            await _go_back(pilot, home)
    assert {screen for screen, _ in tried} >= _FAR
    assert len(tried) > 55


def test_no_screen_makes_a_field_of_another_kind() -> None:
    folder = Path(helpdesk.tui.__file__).parent
    made = re.compile(r"(?<![A-Za-z])(?:Input|TextArea|MaskedInput)\(")
    query = re.compile(r"(?:query|query_one|query_exactly_one|results|class \w+)\(.*")
    found = [
        f"{file.name}: {line.strip()}"
        for file in sorted(folder.rglob("*.py"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if made.search(query.sub("", line))
    ]
    assert found == []


async def _press(pilot: Pilot[Any], keys: tuple[str, ...]) -> None:
    """Press keys; the screen that each one opens, or finds something for, is there for the next."""
    for key in keys:
        if not key.islower() or len(key) > 1:
            await settled(pilot)
        await pilot.press(key)


async def _tried(pilot: Pilot[Any], tried: set[tuple[str, str]]) -> None:
    await settled(pilot)
    assert harmful(screen_text(pilot)) == []
    _try_fields(pilot, tried)


async def _go_back(pilot: Pilot[Any], screen: Any) -> None:
    for _ in range(6):
        await settled(pilot)  # keys right behind one that closes a screen are meant for that
        if pilot.app.screen is screen:
            return
        await pilot.press("ctrl+x")
        await pilot.press("escape")
        await pilot.pause()


def _try_fields(pilot: Pilot[Any], tried: set[tuple[str, str]]) -> None:
    for field in [*pilot.app.screen.query(Input), *pilot.app.screen.query(TextArea)]:
        place = (type(pilot.app.screen).__name__, field.id or "")
        if place in tried or not field.display:
            continue
        assert isinstance(field, LineField | TextField), place
        tried.add(place)
        with field.prevent(Input.Changed, TextArea.Changed):
            before = _text(field)
            for text in _batches():
                _set(field, text)
                strips = field.render_lines(field.outer_size.region)
                painted = "\n".join(strip.text for strip in strips)
                assert harmful(painted) == [], place
                assert _text(field) == text, place
            _set(field, before)


def _text(field: LineField | TextField) -> str:
    return field.value if isinstance(field, LineField) else field.text


def _set(field: LineField | TextField, text: str) -> None:
    if isinstance(field, LineField):
        field.value = text
    else:
        field.text = text
