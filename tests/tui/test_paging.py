"""Paging through articles faster than they are drawn."""

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

_TIMEOUT_S = 60


class _ReaderScreen(Screen[None]):
    def compose(self) -> ComposeResult:
        """Lay out only a reader."""
        yield ArticleReader()


class _ReaderApp(App[None]):
    """Shows articles, each in place of the previous one."""

    def on_mount(self) -> None:
        """Show an empty reader."""
        self.push_screen(_ReaderScreen())

    def show_article(self, article: ArticleView) -> Worker[None]:
        """Show an article as the screens do: the next one cancels an unfinished one."""
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
    """Let all other tasks run this many times."""
    for _ in range(number):
        await asyncio.sleep(0)


async def test_the_last_of_several_articles_paged_through_fast_is_shown() -> None:
    app = _ReaderApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        await app.show_article(_article(0)).wait()
        for number in range(1, 9):
            before = app.screen.query_one(Markdown).children[:]
            last = app.show_article(_article(number))
            for _ in range(1_000):  # the worst moment: the previous article is being removed
                await asyncio.sleep(0.001)
                if not all(block.is_attached for block in before):
                    break
        await asyncio.wait_for(last.wait(), _TIMEOUT_S)
        await asyncio.wait_for(pilot.pause(), _TIMEOUT_S)
        assert "article 8" in screen_text(pilot)
        assert len(app.screen.query("MarkdownH1")) == 1


@pytest.mark.parametrize("turns", [0, 10, 100])
async def test_leaving_a_screen_while_its_article_is_drawn_is_no_error(turns: int) -> None:
    app = _ReaderApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        for number in range(3):
            app.show_article(_article(number))
            await _turns(turns)
            app.pop_screen()
            app.push_screen(_ReaderScreen())
            await asyncio.wait_for(pilot.pause(), _TIMEOUT_S)
        last = app.show_article(_article(99))
        await asyncio.wait_for(last.wait(), _TIMEOUT_S)
        await asyncio.wait_for(pilot.pause(), _TIMEOUT_S)
        assert "article 99" in screen_text(pilot)


@pytest.mark.parametrize("turns", [0, 10, 100])
async def test_the_app_can_end_while_an_article_is_drawn(turns: int) -> None:
    app = _ReaderApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        app.show_article(_article(1))
        await _turns(turns)
        app.exit()
    assert app.return_code == 0
