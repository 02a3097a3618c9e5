"""Rules that must stand in one module only: everything else has to ask it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "helpdesk"


def _texts(file: Path) -> Iterator[str]:
    """Yield the string literals of a module, without its docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    explanations = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in explanations:
            yield str(node.value)


@pytest.mark.parametrize(
    ("pattern", "homes"),
    [
        pytest.param(r"\bHD\b", {"domain/ticket.py"}, id="how a ticket's reference is written"),
        pytest.param(r"state\w* IN \(|'(new|open|pending)'", set(), id="states in SQL"),
    ],
)
def test_a_literal_stands_where_its_rule_is_kept_and_nowhere_else(
    pattern: str, homes: set[str]
) -> None:
    found = {
        str(file.relative_to(PACKAGE))
        for file in PACKAGE.rglob("*.py")
        if any(re.search(pattern, text) for text in _texts(file))
    }
    assert found == homes


def test_only_the_views_and_the_search_judge_a_score() -> None:
    judged = re.compile(r"\.score\b\s*[<>]")
    found = {
        str(file.relative_to(PACKAGE))
        for file in PACKAGE.rglob("*.py")
        if judged.search(file.read_text(encoding="utf-8"))
    }
    assert found == {
        "desk/search/views.py",
        "desk/ticket/recurrence.py",
        "desk/ticket/resolving.py",  # the requester's rating, not the score of a search hit
    }
