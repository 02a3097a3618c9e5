"""No text on screen is read as markup: neither by the app's own widgets nor by Textual's."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import (
    Button,
    Checkbox,
    Collapsible,
    DataTable,
    Label,
    OptionList,
    RadioButton,
    SelectionList,
    Static,
    TabbedContent,
    TabPane,
    Tabs,
    TextArea,
)
from textual.widgets.option_list import Option

from tests.tui.conftest import RunApp, screen_text

TUI = Path(__file__).resolve().parents[2] / "helpdesk" / "tui"
#: These parse a text as markup unless it is ``Content`` or markup is switched off.
_PARSERS = {"Static", "Label", "notify"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield each call that could parse markup, with its place."""
    for file in sorted(TUI.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
                name = node.func.id if isinstance(node.func, ast.Name) else name
                if name in _PARSERS:
                    yield f"{file.relative_to(TUI)}:{node.lineno} {name}", node


def is_safe(call: ast.Call) -> bool:
    """Return whether a call switches markup off or cannot contain any."""
    for keyword in call.keywords:
        if keyword.arg == "markup":
            return isinstance(keyword.value, ast.Constant) and keyword.value.value is False
    if not call.args:
        return True
    text = call.args[0]
    # A constant without a bracket contains no markup.
    return isinstance(text, ast.Constant) and "[" not in str(text.value)


def test_every_widget_and_notification_switches_markup_off() -> None:
    found = dict(calls())
    assert len(found) > 20
    assert [place for place, call in found.items() if not is_safe(call)] == []


class _EveryWidget(Screen[None]):
    """Shows a text in each place of Textual's widgets that takes a string."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def compose(self) -> ComposeResult:
        text = self.text
        table: DataTable[str] = DataTable()
        table.add_column(text)
        table.add_row(text, label=text)
        framed = Static("", markup=False)
        framed.border_title = framed.border_subtitle = text
        framed.styles.border = ("round", "white")
        yield from (Label(text), Static(text), Button(text), Checkbox(text), RadioButton(text))
        yield from (table, framed, OptionList(text, Option(text)), Tabs(text))
        yield SelectionList((text, 1))
        yield Collapsible(title=text)
        yield TextArea(placeholder=text)
        with TabbedContent(), TabPane(text):
            yield Static("", markup=False)
        yield Static(id="updated")

    def on_mount(self) -> None:
        """Give a widget another text."""
        self.query_one("#updated", Static).update(self.text)


@pytest.mark.parametrize(
    "text",
    ["[/]", "[b]loud[/b]", "[link=http://a.example]x[/link]", "[@click=app.quit]go[/]", "[$text]"],
)
async def test_no_widget_of_textual_reads_a_string_as_markup(run_app: RunApp, text: str) -> None:
    async with run_app(size=(100, 100)) as pilot:
        await pilot.app.push_screen(_EveryWidget(text))
        await pilot.pause(0.3)
        assert screen_text(pilot).count(text) == 18
