"""Beginning an article: where it is to lie, and from which template."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from helpdesk.domain.errors import DeskError
from helpdesk.tui.base.host import host_of
from helpdesk.tui.terminal.type_ahead import typed_out
from helpdesk.tui.widgets.choice_input import ChoiceInput
from helpdesk.tui.widgets.keymap import FORM, bindings

if TYPE_CHECKING:  # brings the ORM along
    from helpdesk.desk.session import Desk
    from helpdesk.knowledge.writing import Source

Begin = Callable[["Desk", str, str, str], "Source"]


class NewArticleDialog(ModalScreen["Source | None"]):
    """Path, title and template; answers with the text to write on.

    :param begin: makes it from path, title and template.
    """

    MANUAL = "knowledge#begin-an-article"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(FORM)]

    def __init__(self, begin: Begin, path: str = "", title: str = "") -> None:
        super().__init__()
        self._begin = begin
        self._path = path
        self._title = title

    def compose(self) -> ComposeResult:
        """The fields."""
        with VerticalScroll(can_focus=False):
            yield Static(Content("New article"), classes="title", markup=False)
            yield Static(Content("Path, such as vpn/new-issue.md"), classes="label", markup=False)
            yield Input(self._path, id="path")
            yield Static(Content("Title"), classes="label", markup=False)
            yield Input(self._title, id="title")
            yield Static(Content("Template: article or sop"), classes="label", markup=False)
            yield ChoiceInput(("article", "sop"), name="template", value="article")
            hints = "Ctrl+S begin   ↑↓ choose   Esc back"
            yield Static(Content(hints), classes="hints", markup=False)

    @on(Input.Submitted)
    def _on_submitted(self) -> None:
        self.focus_next()

    async def action_save(self) -> None:
        """Begin; a path that is none stays to be mended."""
        await typed_out(self)
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
        """Begin none."""
        self.dismiss(None)

    def action_drop_draft(self) -> None:
        """Begin none."""
        self.dismiss(None)
