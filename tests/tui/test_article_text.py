"""Characters that an article hides in HTML entities are shown as every other text's are."""

from pathlib import Path

import pytest

from tests.hostile import ARTICLE
from tests.terminal_stream import harmful
from tests.tui.conftest import RunApp, screen_text, settled, until


@pytest.fixture
def article(kb: Path) -> str:
    (kb / "entities.md").write_text(ARTICLE, encoding="utf-8")
    return "entities.md"


async def test_the_page_of_an_article_shows_decoded_characters_as_signs(
    run_app: RunApp, article: str
) -> None:
    async with run_app(size=(200, 120)) as pilot:
        await pilot.press("K", "slash", *"entities", "enter")
        await settled(pilot)
        page = screen_text(pilot)
    assert "‹U+202E›evil ‹U+200F› ‹U+200B› �[2J �2J" in page
    assert "&#x202e; <ok>" in page
    assert page.count("‹U+202E›evil") >= 8  # in each kind of block, all as wide as their signs
    assert "fence &#x202e;" in page
    assert harmful(page) == []


_CELLS = ("[/]", "[link=http://evil.example]x[/link]", "[@click=app.quit]go[/]", "[bold]b[/bold]")


@pytest.mark.parametrize("cell", _CELLS)
async def test_the_tooltip_of_a_table_cell_is_its_text(
    run_app: RunApp, kb: Path, cell: str
) -> None:
    head = "---\ntitle: Cells\nkind: article\nstatus: published\n---\n# Cells\n\n## Answer\n\n"
    table = f"| one | two |\n| --- | --- |\n| `{cell}` | two |\n"
    (kb / "cells.md").write_text(head + table, encoding="utf-8")
    async with run_app(size=(120, 40)) as pilot:
        await pilot.press("K", "slash", *"cells", "enter")
        await until(pilot, lambda: cell in screen_text(pilot))
        lines = screen_text(pilot).splitlines()
        row = next(place for place, line in enumerate(lines) if cell in line)
        await pilot.hover(offset=(lines[row].index(cell) + 1, row))
        await until(pilot, lambda: screen_text(pilot).count(cell) == 2)
