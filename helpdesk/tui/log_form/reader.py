"""Reading a suggestion in full while a query is being logged."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from helpdesk.desk.views import ArticleView, TicketView
from helpdesk.tui.article_view import ArticleReader
from helpdesk.tui.keymap import BACK, bindings


class ReaderScreen(ModalScreen[str]):
    """An article or a past ticket; answers with the key that was chosen: "" or "f5" or "f6"."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(BACK),
        Binding("f5", "choose('f5')", show=False, priority=True),
        Binding("f6", "choose('f6')", show=False, priority=True),
    ]

    def __init__(self, document: ArticleView | TicketView) -> None:
        super().__init__()
        self._document = document

    def compose(self) -> ComposeResult:
        """The text and the keys."""
        yield ArticleReader()
        hints = "F5 resolve the query with it   F6 same as this open ticket   Esc back"
        yield Static(Content(hints), classes="hints", markup=False)

    async def on_mount(self) -> None:
        """Show it."""
        reader = self.query_one(ArticleReader)
        self.set_focus(reader)
        if isinstance(self._document, ArticleView):
            await reader.show_article(self._document)
        else:
            await reader.show_ticket(self._document)

    def action_back(self) -> None:
        """Back to where one typed."""
        self.dismiss("")

    def action_choose(self, key: str) -> None:
        """Use it."""
        self.dismiss(key)
