"""Text on screen is never read as markup: each widget and message is told so where it is made."""

import ast
from collections.abc import Iterator
from pathlib import Path

TUI = Path(__file__).resolve().parents[2] / "helpdesk" / "tui"
#: They read what they are given as markup unless told otherwise, or given ``Content``.
_READERS = {"Static", "Label", "notify"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    for file in sorted(TUI.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
                name = node.func.id if isinstance(node.func, ast.Name) else name
                if name in _READERS:
                    yield f"{file.relative_to(TUI)}:{node.lineno} {name}", node


def is_safe(call: ast.Call) -> bool:
    for keyword in call.keywords:
        if keyword.arg == "markup":
            return isinstance(keyword.value, ast.Constant) and keyword.value.value is False
    if not call.args:
        return True
    text = call.args[0]
    # A text of our own, without a bracket, holds no markup.
    return isinstance(text, ast.Constant) and "[" not in str(text.value)


def test_every_widget_is_told_that_its_text_is_no_markup() -> None:
    found = dict(calls())
    assert len(found) > 20
    assert [place for place, call in found.items() if not is_safe(call)] == []
