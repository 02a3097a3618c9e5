"""Every code point of Unicode in each kind of field and each kind of command, in parts of a plane.

Run and resumed as the other long tests are; the arguments are in ``tests/cli/test_all_arguments``.
"""

import sys
from collections.abc import Iterator

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from helpdesk.domain.text import inert
from helpdesk.tui.terminal.inert_segments import InertSegments
from helpdesk.tui.widgets.article_view import ArticleReader
from helpdesk.tui.widgets.stored_text import LineField, TextField
from tests.cli.conftest import hostile_shell  # noqa: F401  (fixture)
from tests.cli.hostile_shell import on_terminal
from tests.cli.shell import Shell
from tests.hostile import as_argument, code_points_among_others
from tests.terminal_stream import harmful

_PART = 0x4000
_TEXT = 64
_PARTS = [pytest.param(start, id=f"U+{start:06X}") for start in range(0, sys.maxunicode + 1, _PART)]


def _texts(start: int) -> Iterator[str]:
    """Yield the texts that hold the code points of a part, each alone and among others."""
    for number, text in enumerate(code_points_among_others()):
        if start <= number * _TEXT < start + _PART:
            yield text


class _Fields(App[None]):
    """Shows a text in each kind of widget, as the program's own app does."""

    CSS = "LineField, TextField, ArticleReader, Static { height: 1fr; }"

    def get_line_filters(self) -> list[InertSegments]:
        return [InertSegments()]

    def compose(self) -> ComposeResult:
        yield LineField()
        yield TextField()
        yield Static(markup=False)
        yield ArticleReader()


@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("start", _PARTS)
async def test_fields_and_pages(start: int) -> None:
    async with _Fields().run_test(size=(400, 60)) as pilot:
        app = pilot.app
        for text in _texts(start):
            line, area = app.query_one(LineField), app.query_one(TextField)
            line.value = area.text = text
            app.query_one(Static).update(text)
            await app.query_one(ArticleReader).show_text(text)
            await pilot.pause()
            strips = app.screen._compositor.render_strips()
            assert harmful("\n".join(strip.text for strip in strips)) == []
            assert (line.value, area.text) == (text, text)
            assert harmful(inert(text).replace("\t", " ")) == []


@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("start", _PARTS)
def test_commands(hostile_shell: Shell, start: int) -> None:  # noqa: F811
    for text in map(as_argument, _texts(start)):
        for words in (
            ("ticket", "new", "-s", text[:400], "-b", text),
            ("ticket", "set", "1", "--subject", text[:400]),
            ("ticket", "show", "1"),
            ("ticket", "list", "--query", text),
            ("search", text),
            ("kb", "show", text),
        ):
            printed = on_terminal(hostile_shell, *words)
            assert harmful(printed) == [], words
            assert "something went wrong" not in printed, words
    assert harmful(on_terminal(hostile_shell, "export", "tickets", "--format", "csv")) == []
