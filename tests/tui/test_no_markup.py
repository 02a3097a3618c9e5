"""No text on screen is read as markup: every widget and notification switches markup off."""

import ast
from collections.abc import Iterator
from pathlib import Path

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
