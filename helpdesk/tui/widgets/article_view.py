"""Show an article or a past ticket as rendered Markdown."""

import asyncio
from collections.abc import Iterable

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Markdown, Static

from helpdesk.desk.knowledge.answers import answers_of
from helpdesk.desk.knowledge.views import ArticleView
from helpdesk.desk.ticket.views import TicketView
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.reflow import unwrap
from helpdesk.domain.text import inert, one_line
from helpdesk.knowledge.answer_sections import body_in
from helpdesk.knowledge.formatting import TooHeavy, too_heavy

#: Characters with a meaning in Markdown; they are escaped in the plain text of tickets.
_MARKUP = str.maketrans({char: f"\\{char}" for char in "\\`*_{}[]<>()#+-.!|~&"})


#: How much of a text is shown that is too heavily formatted.
_PLAIN_LINES, _PLAIN_COLUMNS = 1_000, 1_000


class ArticleReader(VerticalScroll):
    """A scrolling view of rendered Markdown; links are shown but never opened."""

    DEFAULT_CSS = """
    ArticleReader { height: 1fr; scrollbar-size-vertical: 1; padding: 0 1; }
    ArticleReader Markdown { padding: 0; margin: 0; background: transparent; }
    ArticleReader > .plain { display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._article: ArticleView | None = None
        self._language = ""
        self._wanted: str | None = None
        self._drawing: asyncio.Task[None] | None = None

    def compose(self) -> ComposeResult:
        """Lay out the Markdown document."""
        yield Markdown(open_links=False, parser_factory=_parser)
        yield Static(classes="plain", markup=False)

    async def show_article(self, article: ArticleView, asked: str = "") -> None:
        """Show an article, with its answer in the language of the words that were asked."""
        answers = answers_of(article)
        self._article, self._language = article, answers.language_for(asked)
        await self._show_body(article)

    async def switch_language(self) -> bool:
        """Show the answer in the next language; return whether the article has another one."""
        if self._article is None:
            return False
        following = answers_of(self._article).following(self._language)
        if following == self._language:
            return False
        self._language = following
        await self._show_body(self._article)
        return True

    async def _show_body(self, article: ArticleView) -> None:
        await self._show(inert(body_in(article.body, self._language, article.answer_heading)))

    async def show_ticket(self, ticket: TicketView) -> None:
        """Show a past ticket: its text and the last answer."""
        self._article = None
        replies = [event for event in ticket.events if event.type is EntryType.REPLIED]
        parts = [
            f"# {ticket.ref} {escape_markdown(one_line(ticket.subject))}",
            _quoted(ticket.body),
        ]
        if replies:
            last = replies[-1]
            parts += [f"## Answer of {escape_markdown(one_line(last.actor))}", _quoted(last.text)]
        parts += [f"article {escape_markdown(one_line(path))}" for path in ticket.articles]
        parts.append(f"{ticket.state}, {escape_markdown(one_line(ticket.assignee)) or 'nobody'}")
        await self._show("\n\n".join(part for part in parts if part))

    async def show_text(self, text: str) -> None:
        """Show a plain text."""
        self._article = None
        await self._show(escape_markdown(inert(text)))

    async def _show(self, markdown: str) -> None:
        """Draw the text; if several are requested in quick succession, draw the last one.

        Moving on to the next article cancels the worker that waits here, but never the drawing
        itself: cancelling ``Markdown.update`` would also cancel the tasks of the blocks that it is
        removing, and with them the app's main task, which waits for the same blocks.
        """
        self._wanted = markdown
        if self._drawing is None or self._drawing.done():
            self._drawing = asyncio.create_task(self._draw_wanted())
        await asyncio.shield(self._drawing)

    async def _draw_wanted(self) -> None:
        document = self.query_one(Markdown)
        while self._wanted is not None and self.is_attached:
            markdown, self._wanted = self._wanted, None
            heavy = too_heavy(markdown)
            plain = self.query_one(".plain", Static)
            plain.display, document.display = heavy is not None, heavy is None
            plain.update(Content(_plain_text(markdown, heavy) if heavy else ""))
            await document.update("" if heavy else markdown)
        self.scroll_home(animate=False)


def _parser() -> MarkdownIt:
    """Return a parser that makes text harmless after it has decoded entities (``&#x202e;``)."""
    parser = MarkdownIt("gfm-like")
    parser.core.ruler.push("inert", _make_inert)
    return parser


def _make_inert(state: StateCore) -> None:
    _clean(state.tokens)


def _clean(tokens: Iterable[Token]) -> None:
    for token in tokens:
        token.content = inert(token.content)
        if token.children:
            _clean(token.children)


def escape_markdown(text: str) -> str:
    """Escape a text so that Markdown shows it unchanged."""
    return text.translate(_MARKUP)


def _plain_text(text: str, heavy: TooHeavy) -> str:
    lines = [line[:_PLAIN_COLUMNS] for line in text.split("\n", _PLAIN_LINES)[:_PLAIN_LINES]]
    return "\n".join([f"Shown as plain text: line {heavy.line}: {heavy.problem}.", "", *lines])


def _quoted(text: str) -> str:
    lines = inert(unwrap(text[:8_000])).split("\n")
    return "\n".join(f"{escape_markdown(line)}  " for line in lines)
