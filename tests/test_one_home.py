"""Each of these rules is implemented in one module only, which all others use."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "helpdesk"


def _texts(file: Path) -> Iterator[str]:
    """Yield the string literals of a module, without its docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            yield str(node.value)


@pytest.mark.parametrize(
    ("pattern", "homes"),
    [
        pytest.param(r"\bHD\b", {"domain/ticket.py"}, id="how a ticket's reference is written"),
        pytest.param(r"state\w* IN \(|'(new|open|pending)'", set(), id="states in SQL"),
    ],
)
def test_a_literal_is_only_in_the_module_of_its_rule(pattern: str, homes: set[str]) -> None:
    found = {
        str(file.relative_to(PACKAGE))
        for file in PACKAGE.rglob("*.py")
        if any(re.search(pattern, text) for text in _texts(file))
    }
    assert found == homes


def test_only_these_modules_compare_a_score() -> None:
    comparison = re.compile(r"\.score\b\s*[<>]")
    found = {
        str(file.relative_to(PACKAGE))
        for file in PACKAGE.rglob("*.py")
        if comparison.search(file.read_text(encoding="utf-8"))
    }
    assert found == {
        "desk/search/views.py",
        "desk/ticket/recurrence.py",
        "desk/ticket/resolving.py",  # the requester's rating, not the score of a search hit
    }
