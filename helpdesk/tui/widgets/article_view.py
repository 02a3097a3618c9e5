"""An article or a past ticket, rendered to be read."""

import asyncio

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Markdown

from helpdesk.desk.knowledge.views import ArticleView
from helpdesk.desk.ticket.views import TicketView
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.text import inert, one_line

#: Characters that markdown would take as its own, where plain text of a ticket is quoted.
_ACTIVE = str.maketrans({char: f"\\{char}" for char in "\\`*_{}[]<>()#+-.!|~&"})


class ArticleReader(VerticalScroll):
    """Scrolls through rendered markdown; links are shown, never opened."""

    DEFAULT_CSS = """
    ArticleReader { height: 1fr; scrollbar-size-vertical: 1; padding: 0 1; }
    ArticleReader Markdown { padding: 0; margin: 0; background: transparent; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._wanted: str | None = None
        self._drawing: asyncio.Task[None] | None = None

    def compose(self) -> ComposeResult:
        """One document."""
        yield Markdown(open_links=False)

    async def show_article(self, article: ArticleView) -> None:
        """Show an article."""
        await self._show(inert(article.body))

    async def show_ticket(self, ticket: TicketView) -> None:
        """Show a past ticket: what was asked, and how it was answered."""
        replies = [event for event in ticket.events if event.type is EntryType.REPLIED]
        parts = [f"# {ticket.ref} {plain(one_line(ticket.subject))}", _quoted(ticket.body)]
        if replies:
            last = replies[-1]
            parts += [f"## Answer of {plain(one_line(last.actor))}", _quoted(last.text)]
        parts += [f"article {plain(one_line(path))}" for path in ticket.articles]
        parts.append(f"{ticket.state}, {plain(one_line(ticket.assignee)) or 'nobody'}")
        await self._show("\n\n".join(part for part in parts if part))

    async def show_text(self, text: str) -> None:
        """Show a plain sentence."""
        await self._show(plain(inert(text)))

    async def _show(self, markdown: str) -> None:
        """Show the text; of several asked for in a row, the last one.

        Who leafs on while it is drawn cancels the worker that waits here, never the drawing:
        a cancelled `Markdown.update` takes the tasks of the blocks that it was removing with it,
        and through them the app's own, which waits for the same blocks.
        """
        self._wanted = markdown
        if self._drawing is None or self._drawing.done():
            self._drawing = asyncio.create_task(self._draw_wanted())
        await asyncio.shield(self._drawing)

    async def _draw_wanted(self) -> None:
        document = self.query_one(Markdown)
        while self._wanted is not None and self.is_attached:
            markdown, self._wanted = self._wanted, None
            await document.update(markdown)
        self.scroll_home(animate=False)


def plain(text: str) -> str:
    """Return text so that markdown shows it as it is."""
    return text.translate(_ACTIVE)


def _quoted(text: str) -> str:
    lines = inert(text[:8_000]).split("\n")
    return "\n".join(f"{plain(line)}  " for line in lines)
