"""Articles that would take minutes to parse or to draw are checked and shown as plain text."""

import time
from datetime import date
from pathlib import Path

import pytest

from helpdesk.knowledge.answer_sections import headings
from helpdesk.knowledge.check import check_text
from helpdesk.knowledge.folder import KnowledgeFolder
from helpdesk.knowledge.formatting import too_heavy
from helpdesk.knowledge.links import anchors
from tests.pty.terminal import ROOT

_TABLE = "|".join("a" * 200) + "\n" + "|".join("-" * 200) + "\n"
_HEAVY = {
    "emphasis": ("*a " * 20_000, 1, "characters"),
    "marks": ("*a\n" * 20_000, 4_001, "marks"),
    "brackets": ("[" * 15_000, 1, "marks"),
    "table": (_TABLE + ("|".join("a" * 200) + "\n") * 400, 3, "cells"),
    "quotes": ("text\n\n" + ">" * 30 + " a", 3, "levels deep"),
    "lists": ("- " * 30 + "a", 1, "levels deep"),
    "items": ("- a\n" * 600, 501, "list items"),
    "paragraphs": ("a\n\n" * 600, 1_001, "paragraphs"),
    "code": ("```\n" + "x = 1\n" * 3_000 + "```\n", 2_002, "lines of code"),
    "text": (("word " * 15 + "\n") * 10_000, 2_632, "characters"),
}


@pytest.mark.parametrize("name", _HEAVY)
def test_a_check_names_the_line_from_which_an_article_is_plain_text(
    name: str, tmp_path: Path
) -> None:
    body, line, problem = _HEAVY[name]
    raw = f"---\ntitle: Heavy\nkind: article\nstatus: draft\n---\n{body}".encode()
    found = check_text(KnowledgeFolder(tmp_path), "heavy.md", raw, date(2026, 11, 29))
    assert [(each.line, problem in each.message) for each in found] == [(line + 5, True)]
    assert "shown as plain text" in found[0].message


def test_the_shipped_articles_are_far_from_the_limits() -> None:
    for file in (ROOT / "kb").rglob("*.md"):
        assert too_heavy(file.read_text(encoding="utf-8") * 5) is None, file


@pytest.mark.parametrize(
    "line",
    ["# " + " " * 400_000 + "x", "# " + "# " * 200_000 + "x", "<a " * 100_000, "[](" * 100_000],
)
def test_headings_and_anchors_are_found_in_one_pass(line: str) -> None:
    began = time.process_time()
    list(headings(line))
    anchors(line)
    anchors("# same\n" * 5_000)
    assert time.process_time() - began < 20  # a pass for each character takes hours


def test_headings_are_read_without_their_closing_marks() -> None:
    text = "# One ##  \n#none\n##\n### Two # three\n"
    assert list(headings(text)) == [(0, 1, "One"), (3, 3, "Two # three")]
