"""The dialog that shows a suggestion in full while a query is being logged."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from helpdesk.desk.knowledge.views import ArticleView
from helpdesk.desk.ticket.views import TicketView
from helpdesk.tui.widgets.article_view import ArticleReader
from helpdesk.tui.widgets.keymap import BACK, LOG_FORM, bindings
from helpdesk.tui.widgets.steady_screen import SteadyModal


class ReaderScreen(SteadyModal[str]):
    """Shows an article or a past ticket; dismissed with the name of the pressed key, or "".

    :param answer_first: whether to offer the key that edits the answer before it is sent.
    """

    MANUAL = "agent#answer-a-repeat-issue"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(BACK),
        *(
            Binding(key.keys, f"choose('{key.name}')", show=False, priority=True, id=key.name)
            for key in LOG_FORM[1:]
        ),
    ]

    def __init__(self, document: ArticleView | TicketView, *, answer_first: bool = True) -> None:
        super().__init__()
        self._document = document
        self._answer_first = answer_first

    def compose(self) -> ComposeResult:
        """Lay out the text and the line of keys."""
        yield ArticleReader()
        first = "F4 edit the answer   " if self._answer_first else ""
        hints = f"F5 resolve with it   {first}F6 same issue   F7 its problem   Esc back"
        yield Static(Content(hints), classes="hints", markup=False)

    async def on_mount(self) -> None:
        """Show the document."""
        reader = self.query_one(ArticleReader)
        self.set_focus(reader)
        if isinstance(self._document, ArticleView):
            await reader.show_article(self._document)
        else:
            await reader.show_ticket(self._document)

    def action_back(self) -> None:
        """Go back without choosing an action."""
        self.dismiss("")

    def action_choose(self, key: str) -> None:
        """Dismiss the dialog with the name of the key."""
        if key != "answer_first" or self._answer_first:
            self.dismiss(key)
