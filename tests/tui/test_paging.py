"""Leafing through articles faster than they are drawn."""

import asyncio
from functools import partial
from itertools import chain

import pytest
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Markdown
from textual.worker import Worker

from helpdesk.desk.knowledge.views import ArticleView
from helpdesk.tui.widgets.article_view import ArticleReader
from tests.tui.conftest import screen_text

_PATIENCE_S = 60


class _ReaderScreen(Screen[None]):
    def compose(self) -> ComposeResult:
        """A reader alone."""
        yield ArticleReader()


class _ReaderApp(App[None]):
    """Shows one article after another, each in the place of the one before."""

    def on_mount(self) -> None:
        """Begin with an empty reader."""
        self.push_screen(_ReaderScreen())

    def leaf_to(self, article: ArticleView) -> Worker[None]:
        """Show an article as the screens do: who leafs on cancels what is under way."""
        reader = self.screen.query_one(ArticleReader)
        show = partial(reader.show_article, article)
        return self.run_worker(show, group="article", exclusive=True)


def _article(number: int) -> ArticleView:
    body = "\n\n".join(
        chain([f"# article {number}"], (f"## step {i}\n\npress\n\n- a\n- b" for i in range(4)))
    )
    return ArticleView(
        path=f"vpn/{number}.md",
        title=str(number),
        kind="known-error",
        status="published",
        owner="",
        service="",
        tags=(),
        aliases=(),
        reviewed="",
        body=body,
        answer="",
        times_used=0,
    )


async def _turns(number: int) -> None:
    """Let everything else have its turn so many times."""
    for _ in range(number):
        await asyncio.sleep(0)


async def test_of_articles_leafed_through_fast_the_last_is_shown() -> None:
    app = _ReaderApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        await app.leaf_to(_article(0)).wait()
        for number in range(1, 9):
            before = app.screen.query_one(Markdown).children[:]
            last = app.leaf_to(_article(number))
            for _ in range(1_000):  # the worst moment: the article before is being taken away
                await asyncio.sleep(0.001)
                if not all(block.is_attached for block in before):
                    break
        await asyncio.wait_for(last.wait(), _PATIENCE_S)
        await asyncio.wait_for(pilot.pause(), _PATIENCE_S)
        assert "article 8" in screen_text(pilot)
        assert len(app.screen.query("MarkdownH1")) == 1


@pytest.mark.parametrize("turns", [0, 10, 100])
async def test_a_screen_is_left_while_its_article_is_drawn(turns: int) -> None:
    app = _ReaderApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        for number in range(3):
            app.leaf_to(_article(number))
            await _turns(turns)
            app.pop_screen()
            app.push_screen(_ReaderScreen())
            await asyncio.wait_for(pilot.pause(), _PATIENCE_S)
        last = app.leaf_to(_article(99))
        await asyncio.wait_for(last.wait(), _PATIENCE_S)
        await asyncio.wait_for(pilot.pause(), _PATIENCE_S)
        assert "article 99" in screen_text(pilot)


@pytest.mark.parametrize("turns", [0, 10, 100])
async def test_the_app_ends_while_an_article_is_drawn(turns: int) -> None:
    app = _ReaderApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        app.leaf_to(_article(1))
        await _turns(turns)
        app.exit()
    assert app.return_code == 0
