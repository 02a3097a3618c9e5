"""The dialog to begin an article: path, title and template."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from helpdesk.domain.errors import DeskError
from helpdesk.tui.base.host import host_of
from helpdesk.tui.terminal.type_ahead import wait_for_typed_keys
from helpdesk.tui.widgets.choice_input import ChoiceInput
from helpdesk.tui.widgets.keymap import FORM, bindings
from helpdesk.tui.widgets.steady_screen import SteadyModal
from helpdesk.tui.widgets.stored_text import LineField

if TYPE_CHECKING:  # imports the ORM
    from helpdesk.desk.session import Desk
    from helpdesk.knowledge.writing import ArticleSource

#: Makes the text of a new article from its path, title and template.
BeginArticle = Callable[["Desk", str, str, str], "ArticleSource"]


class NewArticleDialog(SteadyModal["ArticleSource | None"]):
    """Ask for path, title and template of a new article.

    Its result is the new text, or None if the user leaves.

    :param begin: makes the text.
    :param path: the proposed path.
    :param title: the proposed title.
    """

    MANUAL = "knowledge#begin-an-article"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(FORM)]

    def __init__(self, begin: BeginArticle, path: str = "", title: str = "") -> None:
        super().__init__()
        self._begin = begin
        self._path = path
        self._title = title

    def compose(self) -> ComposeResult:
        """Lay out the fields and the key hints."""
        with VerticalScroll(can_focus=False):
            yield Static(Content("New article"), classes="title", markup=False)
            yield Static(Content("Path, such as vpn/new-issue.md"), classes="label", markup=False)
            yield LineField(self._path, id="path")
            yield Static(Content("Title"), classes="label", markup=False)
            yield LineField(self._title, id="title")
            yield Static(Content("Template: article or sop"), classes="label", markup=False)
            yield ChoiceInput(("article", "sop"), name="template", value="article")
            hints = "Ctrl+S begin   ↑↓ choose   Esc back"
            yield Static(Content(hints), classes="hints", markup=False)

    @on(Input.Submitted)
    def _on_submitted(self) -> None:
        self.focus_next()

    async def action_save(self) -> None:
        """Begin the article; if the path is not valid, the dialog stays open for a correction."""
        await wait_for_typed_keys(self)
        app = host_of(self)
        path, title, template = (
            self.query_one(f"#{name}", Input).value.strip()
            for name in ("path", "title", "template")
        )
        if path and not path.endswith(".md"):
            path = f"{path}.md"
        try:
            source = await app.backend.call(self._begin, path, title, template or "article")
        except DeskError as error:
            app.say_error(error)
        else:
            self.dismiss(source)

    def action_back(self) -> None:
        """Close the dialog without beginning an article."""
        self.dismiss(None)

    def action_drop_draft(self) -> None:
        """Close the dialog without beginning an article."""
        self.dismiss(None)
